import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { JsonObject } from "./json.ts";
import type { Answer } from "./result.ts";

/**
 * What a change did, for the audit log: told by the Worker that made it, beside its answer. Fields that
 * changed, never a secret.
 */
export interface Change {
  /** What was changed, where the path of the request does not name it. */
  readonly targetId?: string;
  /** Whose it was, where an operator's request does not say. */
  readonly companyId?: string;
  /** null for what was made. */
  readonly before: JsonObject | null;
  /** null for what is gone. */
  readonly after: JsonObject | null;
}

/** A change that is about to be made. */
export interface IntendedChange {
  /** `resource.verb_in_past`, such as `webhook.created`. */
  readonly action: string;
  readonly targetId: string;
  /** In whose log it belongs. */
  readonly companyId: string;
  /** By an operator of the platform, as such. */
  readonly isOperators: boolean;
}

/** Whether it was made. `null`: it was not, and the log says nothing. */
export type ChangeOutcome = Change | null;

/**
 * The audit log for changes that other Workers make, in their databases, in an account or at a payment
 * provider: the intent is stored before the change and becomes the log's entry after it. A change of
 * which nobody tells the outcome is entered as such, so that none is missing.
 */
export interface AuditTrailApi {
  /** Stores the intent; the answer is its id. Nothing may be changed where this fails. */
  beginChange(context: CallContext, actor: Actor, change: IntendedChange): Answer<string>;
  /** Enters it in the log, or forgets it. A repeat changes nothing. */
  endChange(context: CallContext, id: string, outcome: ChangeOutcome): Answer<void>;
}
