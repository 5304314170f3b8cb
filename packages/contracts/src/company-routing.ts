import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Page } from "./page.ts";
import type { ProviderPreferences } from "./provider-preferences.ts";
import type { Answer } from "./result.ts";

export interface ProviderPreferencesView {
  /** As the company set them; fields that it never set are absent. */
  readonly preferences: ProviderPreferences;
  /** 0: never set. */
  readonly revision: number;
  readonly updated_at: string | null;
}

/** A company's own key for a provider. The key itself is never returned. */
export interface ProviderCredentialView {
  readonly id: string;
  /** Slug. */
  readonly provider: string;
  readonly name: string;
  /** Its last four characters; empty for one so short that they would give it away. */
  readonly hint: string;
  /** When the provider last took it; null: it was saved without asking. */
  readonly verified_at: string | null;
  readonly revision: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/**
 * What a company says about routing its own requests. Reads and changes take the company from the actor.
 * In force within 5 s everywhere. `ifMatch` is the raw `If-Match` header: `precondition_failed` unless it
 * names the revision.
 */
export interface CompanyRoutingApi {
  getProviderPreferences(context: CallContext, actor: Actor): Answer<ProviderPreferencesView>;
  /** Replaces all of them. */
  setProviderPreferences(
    context: CallContext,
    actor: Actor,
    input: unknown,
    ifMatch: string | null,
  ): Answer<ProviderPreferencesView>;
  listProviderCredentials(context: CallContext, actor: Actor, query: unknown): Answer<Page<ProviderCredentialView>>;
  getProviderCredential(context: CallContext, actor: Actor, id: string): Answer<ProviderCredentialView>;
  /**
   * Saves a key once the provider has taken it. `invalid_request` naming `api_key` when it refuses;
   * `upstream_error` when it cannot be asked, and then only `verify: false` saves it; `already_exists`.
   */
  createProviderCredential(context: CallContext, actor: Actor, input: unknown): Answer<ProviderCredentialView>;
  updateProviderCredential(
    context: CallContext,
    actor: Actor,
    id: string,
    input: unknown,
    ifMatch: string | null,
  ): Answer<ProviderCredentialView>;
  deleteProviderCredential(context: CallContext, actor: Actor, id: string): Answer<void>;
}
