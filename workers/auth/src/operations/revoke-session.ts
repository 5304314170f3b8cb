import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { findSessionOf } from "../db/own-sessions.ts";
import { endSession } from "../db/sessions.ts";
import { requirePerson } from "../domain/own-account.ts";
import { NO_SUCH_SESSION } from "../domain/own-session-view.ts";

/**
 * Ends one of the asker's sessions, in whichever of its companies; both its tokens are refused from then
 * on. A repeat answers alike. `not_found`, also for another's; `permission_denied` for an API key.
 */
export async function revokeSession(call: Call, actor: Actor, id: string): Answer<void> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const session = await findSessionOf(call.db, person.value.memberId, id);
  if (session === undefined) return NO_SUCH_SESSION;
  await call.db.batch([
    endSession(call.db, id, "revoked", call.nowMs),
    auditIfChanged(call, {
      actor,
      companyId: session.companyId,
      action: "session.ended",
      targetId: id,
      after: { reason: "revoked" },
    }),
  ]);
  return ok();
}
