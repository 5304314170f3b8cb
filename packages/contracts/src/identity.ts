import type { Actor } from "./actor.ts";
import type { SessionView } from "./auth.ts";
import type { CallContext } from "./call-context.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

/** One sign-in of the asker to one of its companies. */
export interface OwnSessionView {
  readonly id: string;
  readonly company: { readonly id: string; readonly name: string };
  /** How the member proved who it is. */
  readonly method: "password" | "password_totp" | "oidc" | "oidc_totp";
  readonly ip: string | null;
  /** Whether it is the one that asks. */
  readonly is_current: boolean;
  readonly created_at: string;
  readonly refreshed_at: string;
  readonly expires_at: string;
}

export interface SecondFactorView {
  readonly is_enabled: boolean;
  readonly enabled_at: string | null;
  readonly recovery_codes_left: number;
}

/** The secret appears here and never again. */
export interface OfferedSecondFactorView {
  /** Base32, to be typed. */
  readonly secret: string;
  /** To be shown as a QR code. */
  readonly otpauth_url: string;
}

/** The codes appear here and never again. */
export interface RecoveryCodesView {
  readonly recovery_codes: readonly string[];
}

/**
 * What a person does about its own account. Each takes the member from the actor and answers
 * `permission_denied` to an API key, which is nobody's account. `credential`: the access token, which
 * says which session asks.
 */
export interface OwnSessionsApi {
  listSessions(context: CallContext, actor: Actor, credential: string, query: unknown): Answer<Page<OwnSessionView>>;
  /** In force on the next request. A repeat answers alike; `not_found` for another's. */
  revokeSession(context: CallContext, actor: Actor, id: string): Answer<void>;
  /** All of the member's sessions but the one that asks. */
  revokeOtherSessions(context: CallContext, actor: Actor, credential: string): Answer<void>;
}

export interface PasswordsApi {
  /** Needs the current one; ends all sessions but the one that asks. `invalid_credentials`, `rate_limit_exceeded` before any hashing. */
  changePassword(context: CallContext, actor: Actor, credential: string, input: unknown): Answer<void>;
  /** Open. Mails a link where there is such a member; answers the same, in the same time, where there is not. */
  forgotPassword(context: CallContext, input: unknown): Answer<void>;
  /** Open: the link's secret proves the address. Good once; ends all sessions. */
  resetPassword(context: CallContext, input: unknown): Answer<void>;
}

export interface AddressesApi {
  /** Open: the link's secret proves the address. Good once. */
  verifyEmail(context: CallContext, input: unknown): Answer<void>;
  /** Mails the asker a new link, unless its address is verified; one before it ends. */
  resendVerification(context: CallContext, actor: Actor): Answer<void>;
}

export interface SecondFactorsApi {
  getSecondFactor(context: CallContext, actor: Actor): Answer<SecondFactorView>;
  /** In force once it is confirmed. Needs the password of whoever has one. `conflict` where one is in force. */
  enrolSecondFactor(context: CallContext, actor: Actor, input: unknown): Answer<OfferedSecondFactorView>;
  /** By its first code. */
  confirmSecondFactor(context: CallContext, actor: Actor, input: unknown): Answer<RecoveryCodesView>;
  /** By a code of it or a recovery code. */
  disableSecondFactor(context: CallContext, actor: Actor, input: unknown): Answer<void>;
  renewRecoveryCodes(context: CallContext, actor: Actor, input: unknown): Answer<RecoveryCodesView>;
  /** Open: the challenge that `mfa_required` carried, and a code. Each is good once. */
  verifySecondFactor(context: CallContext, input: unknown): Answer<SessionView>;
}

/** Where the browser goes to sign in elsewhere. */
export interface OidcLoginView {
  readonly authorization_url: string;
  /** A secret: the browser keeps it until it is back, and nobody else. */
  readonly login_token: string;
}

/** What a member may sign in by at an issuer. */
export interface OidcIdentityView {
  readonly id: string;
  readonly issuer: string;
  /** Who the member is there. */
  readonly subject: string;
  readonly created_at: string;
}

/** Signing in by the OpenID Connect issuer that is configured; `not_found` where none is to sign in by. */
export interface OidcApi {
  startOidcLogin(context: CallContext, input: unknown): Answer<OidcLoginView>;
  finishOidcLogin(context: CallContext, input: unknown): Answer<SessionView>;
  /** The asker's own, also those of an issuer that is configured no more. */
  listOidcIdentities(context: CallContext, actor: Actor, query: unknown): Answer<Page<OidcIdentityView>>;
  /** `conflict` for the last way to sign in; `not_found`, also for another's. */
  unlinkOidcIdentity(context: CallContext, actor: Actor, id: string): Answer<void>;
}

/** A member's own account, beside `AuthApi`'s registration, login, refresh and logout. */
export interface IdentityApi extends OwnSessionsApi, PasswordsApi, AddressesApi, SecondFactorsApi, OidcApi {}
