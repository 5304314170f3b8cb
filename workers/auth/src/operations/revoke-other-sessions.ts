import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { endSessionsOf } from "../db/own-sessions.ts";
import { requirePerson } from "../domain/own-account.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";
import { currentSessionOf } from "../sessions/current-session.ts";

/** Ends all of the asker's sessions, in all its companies, but the one that asks. `permission_denied` for an API key. */
export async function revokeOtherSessions(call: Call, actor: Actor, credential: string): Answer<void> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const current = await currentSessionOf(call, person.value, credential);
  if (!current.ok) return current;
  const { memberId } = person.value;
  const after = { reason: "revoked", kept_session_id: current.value };
  await call.db.batch([
    endSessionsOf(call.db, memberId, current.value, "revoked", call.nowMs),
    ...(await auditInCompanies(call, memberId, { action: "session.others_ended", after })),
  ]);
  return ok();
}
