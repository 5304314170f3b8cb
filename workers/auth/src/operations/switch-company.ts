import type { Actor } from "@aggregator/contracts/actor";
import type { SessionView } from "@aggregator/contracts/auth";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { listCompaniesOf } from "../db/members.ts";
import { findSession, insertSession } from "../db/sessions.ts";
import { roleName } from "../domain/company-view.ts";
import { requirePerson } from "../domain/own-account.ts";
import { chooseCompany } from "../sessions/choose-company.ts";
import { currentSessionOf } from "../sessions/current-session.ts";
import { makeSession, sessionView } from "../sessions/new-session.ts";

const SwitchCompany = z.strictObject({ company_id: z.string().min(1).max(64) });

/**
 * A second session of a signed-in person, for another company that it is in. It proves no more than the
 * one that asks and ends no later, so that nobody stays for ever by going back and forth.
 * `permission_denied` for an API key and for a company that the person is not in, `company_suspended`.
 */
export async function switchCompany(call: Call, actor: Actor, credential: string, input: unknown): Answer<SessionView> {
  const person = requirePerson(actor);
  if (!person.ok) return person;
  const parsed = parseInput(SwitchCompany, input);
  if (!parsed.ok) return parsed;
  const limited = await limitAttempts(call, null);
  if (!limited.ok) return limited;
  const { memberId } = person.value;
  const currentId = await currentSessionOf(call, person.value, credential);
  if (!currentId.ok) return currentId;
  const current = await findSession(call.db, currentId.value);
  if (current === undefined) return err("invalid_token", "The session has ended. Log in again.");
  const joined = chooseCompany(await listCompaniesOf(call.db, memberId), parsed.value.company_id);
  if (!joined.ok) return joined;

  const { company, role, customName } = joined.value;
  const { method, endsAtMs } = current.session;
  const made = await makeSession(call, { memberId, companyId: company.id, method });
  const row = { ...made.row, endsAtMs, idleEndsAtMs: Math.min(made.row.idleEndsAtMs, endsAtMs) };
  await call.db.batch([
    insertSession(call.db, row),
    auditIfChanged(call, {
      actor: { kind: "member", companyId: company.id, memberId, keyId: null },
      action: "session.started",
      targetId: row.id,
      after: { method, switched_from: current.session.id },
    }),
  ]);
  return ok(await sessionView(call, { id: row.id, memberId }, made.refreshToken, company, roleName(role, customName)));
}
