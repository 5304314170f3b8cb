import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Answer } from "./result.ts";

/**
 * What has changed for keys of one company: told to its account, which has the last word over what an
 * isolate remembers for some seconds. `actor` is the company itself.
 */
export interface KeyAccess {
  readonly actor: Actor;
  /** Ended for good. */
  readonly revoked: readonly string[];
  /** May not call models as long as their maker may not. */
  readonly paused: readonly string[];
  /** May again. */
  readonly resumed: readonly string[];
}

/** Who may spend from an account at all, beside its money and limits. In force from its very next reserve on. */
export interface AccountAccessApi {
  /** Needs `api_keys:manage`. Safe to repeat. */
  changeKeyAccess(context: CallContext, access: KeyAccess): Answer<void>;
  /** No key of the company may spend. For operators, and for who may close the company about its own. Safe to repeat. */
  suspendAccount(context: CallContext, actor: Actor, companyId: string): Answer<void>;
  /** For operators. Safe to repeat. */
  resumeAccount(context: CallContext, actor: Actor, companyId: string): Answer<void>;
  /** Forgets what clients wrote on the company's requests; the money stays provable. For operators. Safe to repeat. */
  eraseAccount(context: CallContext, actor: Actor, companyId: string): Answer<void>;
}
