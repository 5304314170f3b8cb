import type {
  OfferedSecondFactorView,
  OidcIdentityView,
  OidcLoginView,
  OwnSessionView,
  RecoveryCodesView,
  SecondFactorView,
} from "@aggregator/contracts/identity";
import { z } from "@hono/zod-openapi";
import { Time } from "./common.ts";

export const OwnSession = z
  .object({
    id: z.string(),
    company: z.object({ id: z.string(), name: z.string() }),
    method: z
      .enum(["password", "password_totp", "oidc", "oidc_totp"])
      .openapi({ description: "How the member proved who it is; `_totp` with its second factor." }),
    ip: z.string().nullable().openapi({ description: "Where it was started." }),
    is_current: z.boolean().openapi({ description: "Whether it is the one that asks." }),
    created_at: Time,
    refreshed_at: Time,
    expires_at: Time.openapi({ description: "Unless it is refreshed before." }),
  })
  .openapi("OwnSession") satisfies z.ZodType<OwnSessionView>;

const Password = z.string().openapi({ format: "password" });
const NewPassword = z
  .string()
  .openapi({ format: "password", description: "8 characters or more, at most 72 bytes in UTF-8." });
const LinkToken = z.string().openapi({ description: "What follows `#token=` in the link of the e-mail." });

export const ChangePasswordInput = z
  .object({ current_password: Password, new_password: NewPassword })
  .openapi("ChangePasswordInput");

export const ForgotPasswordInput = z
  .object({ email: z.string().openapi({ format: "email", example: "owner@example.com" }) })
  .openapi("ForgotPasswordInput");

export const ResetPasswordInput = z
  .object({ token: LinkToken, new_password: NewPassword })
  .openapi("ResetPasswordInput");

export const VerifyEmailInput = z.object({ token: LinkToken }).openapi("VerifyEmailInput");

export const SecondFactor = z
  .object({
    is_enabled: z.boolean(),
    enabled_at: Time.nullable(),
    recovery_codes_left: z.number().int(),
  })
  .openapi("SecondFactor") satisfies z.ZodType<SecondFactorView>;

export const OfferedSecondFactor = z
  .object({
    secret: z.string().openapi({ description: "Base32, to be typed into an authenticator." }),
    otpauth_url: z.string().openapi({ description: "To be shown as a QR code." }),
  })
  .openapi("OfferedSecondFactor") satisfies z.ZodType<OfferedSecondFactorView>;

export const RecoveryCodes = z
  .object({ recovery_codes: z.array(z.string()).readonly().openapi({ description: "Each is good once." }) })
  .openapi("RecoveryCodes") satisfies z.ZodType<RecoveryCodesView>;

export const EnrolSecondFactorInput = z
  .object({ password: Password.optional().openapi({ description: "Needed of whoever has one." }) })
  .openapi("EnrolSecondFactorInput");

export const SecondFactorCodeInput = z
  .object({
    code: z
      .string()
      .openapi({ description: "Six digits of the authenticator, or a recovery code.", example: "000000" }),
  })
  .openapi("SecondFactorCodeInput");

export const VerifySecondFactorInput = SecondFactorCodeInput.extend({
  challenge_token: z.string().openapi({ description: "From the answer `mfa_required`." }),
}).openapi("VerifySecondFactorInput");

export const OidcLogin = z
  .object({
    authorization_url: z.string().openapi({ description: "Where the browser goes to sign in." }),
    login_token: z
      .string()
      .openapi({ description: "A secret of this browser: keep it until it is back, 10 minutes at most." }),
  })
  .openapi("OidcLogin") satisfies z.ZodType<OidcLoginView>;

export const OidcIdentity = z
  .object({
    id: z.string(),
    issuer: z.string(),
    subject: z.string().openapi({ description: "Who you are at the issuer." }),
    created_at: Time,
  })
  .openapi("OidcIdentity") satisfies z.ZodType<OidcIdentityView>;

export const StartOidcLoginInput = z
  .object({ company_id: z.string().optional().openapi({ description: "For a member of several companies." }) })
  .openapi("StartOidcLoginInput");

export const FinishOidcLoginInput = z
  .object({
    login_token: z.string(),
    code: z.string().openapi({ description: "As the issuer sent it back." }),
    state: z.string().openapi({ description: "As the issuer sent it back." }),
    iss: z.string().optional().openapi({ description: "As the issuer sent it back, if it did." }),
  })
  .openapi("FinishOidcLoginInput");
