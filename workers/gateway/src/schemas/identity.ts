import type { OwnSessionView } from "@aggregator/contracts/identity";
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
