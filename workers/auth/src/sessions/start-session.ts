import type { SessionView } from "@aggregator/contracts/auth";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import type { CompanyRow } from "../db/companies.ts";
import { insertSession, type NewSessionRow } from "../db/sessions.ts";
import { makeSession, sessionView } from "./new-session.ts";

/** Signs a member in to a company, by what it proved; the caller has checked everything. `role` by its name. */
export async function startSession(
  call: Call,
  memberId: string,
  company: CompanyRow,
  role: string,
  method: NewSessionRow["method"],
): Promise<SessionView> {
  const session = await makeSession(call, { memberId, companyId: company.id, method });
  await call.db.batch([
    insertSession(call.db, session.row),
    auditIfChanged(call, {
      actor: { kind: "member", companyId: company.id, memberId, keyId: null },
      action: "session.started",
      targetId: session.row.id,
      after: { method },
    }),
  ]);
  return sessionView(call, { id: session.row.id, memberId }, session.refreshToken, company, role);
}
