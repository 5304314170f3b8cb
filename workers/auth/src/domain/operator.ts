import type { Actor } from "@aggregator/contracts/actor";
import type { AuditActor } from "../db/audit.ts";

/** An operator at work, for the log of the company that it works on. */
export function operatorOf(actor: Actor): AuditActor {
  return { kind: "operator", companyId: actor.companyId, memberId: actor.memberId, keyId: null };
}
