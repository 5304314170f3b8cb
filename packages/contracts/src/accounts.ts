import type { Actor } from "./actor.ts";
import type { ApiKeyView, CreatedApiKeyView } from "./auth.ts";
import type { CallContext } from "./call-context.ts";
import type { Answer } from "./result.ts";

/**
 * What the rest of auth offers, by resource; `AuthApi` is all of it. Wherever a view has a `revision`,
 * the change takes `ifMatch`, the raw `If-Match` header: `precondition_failed` unless it names that
 * revision; without it, `conflict` when somebody else changed the row at the same moment.
 */

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
}
