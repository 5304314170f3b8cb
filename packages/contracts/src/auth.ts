import type { ApiKeysApi } from "./accounts.ts";
import type { AuditTrailApi } from "./audit.ts";
import type { Actor, Budget, Principal } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { CompaniesApi } from "./companies.ts";
import type { IdentityApi } from "./identity.ts";
import type { MembersApi } from "./members.ts";
import type { Page } from "./page.ts";
import type { ReferralAttribution } from "./payments.ts";
import type { Permission } from "./permissions.ts";
import type { ProviderPreferences } from "./provider-preferences.ts";
import type { Answer } from "./result.ts";

/** Wire shapes are snake_case: they go to the client as they are. Times are ISO 8601. */
export interface CompanyView {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly is_active: boolean;
  readonly is_verified: boolean;
  readonly referral_code: string;
  readonly created_at: string;
}

export interface SessionView {
  readonly access_token: string;
  readonly token_type: "Bearer";
  /** Seconds. */
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly company: CompanyView;
}

export interface MeView {
  readonly company: CompanyView;
  readonly member: { readonly id: string; readonly email: string; readonly role: string } | null;
  readonly key: { readonly id: string; readonly name: string } | null;
  /** All that the member is in; none for a key. */
  readonly companies: readonly {
    readonly id: string;
    readonly name: string;
    readonly role: string;
    readonly is_active: boolean;
  }[];
  readonly permissions: readonly Permission[];
  readonly platform_admin: boolean;
}

export interface RateLimitsView {
  readonly requests_per_minute?: number;
  readonly tokens_per_minute?: number;
  readonly concurrent_requests?: number;
}

export interface ApiKeyView {
  readonly id: string;
  /** `temporary`: it must expire. The secret's prefix says which. */
  readonly type: "live" | "temporary";
  readonly name: string;
  /** First characters and last four: enough to recognise, useless to call with. */
  readonly prefix: string;
  readonly scopes: readonly Permission[];
  readonly rate_limits: RateLimitsView | null;
  readonly budget: { readonly amount_nano_usd: number; readonly period: Budget["period"] } | null;
  /** A list restricts; null does not. */
  readonly allowed_models: readonly string[] | null;
  readonly allowed_providers: readonly string[] | null;
  readonly allowed_endpoints: readonly string[] | null;
  readonly allowed_ips: readonly string[] | null;
  readonly provider_preferences: ProviderPreferences | null;
  readonly cache_max_age_seconds: number | null;
  /** Who made it; null when that member has left and the company kept it. */
  readonly member_id: string | null;
  readonly is_active: boolean;
  readonly revision: number;
  readonly expires_at: string | null;
  /** Until then the secret before the last rotation is good too. */
  readonly previous_secret_expires_at: string | null;
  readonly last_used_at: string | null;
  readonly created_at: string;
}
/** The secret appears here and never again. */
export interface CreatedApiKeyView extends ApiKeyView {
  readonly key: string;
}

/** RFC 7517; public members only (`kty`, `crv`, `x`, `kid`, `alg`, `use`). */
export interface JwksView {
  readonly keys: readonly Readonly<Record<string, string>>[];
}

/**
 * Accounts and identity. `input` is what the client sent, parsed here (strictly, `param` names the
 * field). Every operation checks the actor's permission itself. Fails closed: when its database does
 * not answer, calls fail with `service_unavailable`, never with an identity.
 */
export interface AuthApi
  extends Rpc.WorkerEntrypointBranded, ApiKeysApi, AuditTrailApi, CompaniesApi, MembersApi, IdentityApi {
  /**
   * Resolves a credential (API key or access token) to a principal. `invalid_api_key`,
   * `invalid_token`, `company_suspended`, `service_unavailable`. A malformed key never reaches the database.
   */
  authenticate(context: CallContext, credential: string): Answer<Principal>;
  register(context: CallContext, input: unknown): Answer<SessionView>;
  /** `mfa_required` with a `challengeToken` for a member that has a second factor. */
  login(context: CallContext, input: unknown): Answer<SessionView>;
  refresh(context: CallContext, input: unknown): Answer<SessionView>;
  logout(context: CallContext, actor: Actor, credential: string): Answer<void>;
  me(context: CallContext, actor: Actor): Answer<MeView>;
  /** For the gateway, which tells billing: who brought this company, null when nobody did. */
  referralOf(context: CallContext, companyId: string): Answer<ReferralAttribution | null>;
  jwks(context: CallContext): Answer<JwksView>;
  createApiKey(context: CallContext, actor: Actor, input: unknown): Answer<CreatedApiKeyView>;
  listApiKeys(context: CallContext, actor: Actor, query: unknown): Answer<Page<ApiKeyView>>;
  revokeApiKey(context: CallContext, actor: Actor, id: string): Answer<void>;
  /** For readiness: one round trip to the database. */
  health(context: CallContext): Answer<void>;
}
