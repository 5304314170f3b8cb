import type { Actor } from "./actor.ts";
import type { ApiKeyView, CreatedApiKeyView } from "./auth.ts";
import type { CallContext } from "./call-context.ts";
import type { Answer } from "./result.ts";

/**
 * What the rest of auth offers, by resource; `AuthApi` is all of it. Wherever a view has a `revision`,
 * the change takes `ifMatch`, the raw `If-Match` header: `precondition_failed` unless it names that
 * revision; without it, `conflict` when somebody else changed the row at the same moment.
 */

/** A key that has ended: its account is to be told, as the company, so that no cache lets it go on. */
export interface EndedKey {
  readonly actor: Actor;
  readonly keyId: string;
}

export interface LeakLabel {
  readonly token_raw: string;
  readonly token_type: string;
  readonly label: "true_positive" | "false_positive";
}
export interface LeakReport {
  /** One per reported token, in GitHub's words. */
  readonly labels: readonly LeakLabel[];
  readonly ended: readonly EndedKey[];
}

export interface ApiKeysApi {
  getApiKey(context: CallContext, actor: Actor, id: string): Answer<ApiKeyView>;
  /** Fields that are absent stay, null lifts a restriction; never beyond what the actor could create. `conflict` for a revoked key. */
  updateApiKey(
    context: CallContext,
    actor: Actor,
    id: string,
    input: unknown,
    ifMatch: string | null,
  ): Answer<ApiKeyView>;
  /** A new secret for the same key; the one before is good for `grace_seconds` more. `conflict` for a key that has ended. */
  rotateApiKey(context: CallContext, actor: Actor, id: string, input: unknown): Answer<CreatedApiKeyView>;
  /** GitHub's secret-scanning report: the raw body and its two signature headers. Ends the keys that leaked. */
  reportLeakedKeys(
    context: CallContext,
    report: { readonly body: string; readonly keyId: string; readonly signature: string },
  ): Answer<LeakReport>;
}
