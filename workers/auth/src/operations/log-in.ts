import type { SessionView } from "@aggregator/contracts/auth";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { findMemberByEmail, listCompaniesOf, type MemberRow } from "../db/members.ts";
import { insertSession } from "../db/sessions.ts";
import { requireActiveCompany } from "../domain/company-state.ts";
import { roleName } from "../domain/company-view.ts";
import { Email } from "../domain/fields.ts";
import { isPassword } from "../passwords/passwords.ts";
import { makeSession, sessionView } from "../sessions/new-session.ts";

const LogIn = z.strictObject({
  email: Email,
  password: z.string().min(1).max(1_024),
  /** For a member of several companies; else the first that it joined. */
  company_id: z.string().min(1).max(64).optional(),
});

/** The same for an unknown e-mail, a wrong password and a locked member, after the same work. */
const REFUSED = err("invalid_credentials", "The e-mail or the password is wrong.");

type Joined = Awaited<ReturnType<typeof listCompaniesOf>>[number];

/**
 * Signs a member in to one of its companies. `invalid_credentials` (one answer, about the same time,
 * for an unknown e-mail and a wrong password), `rate_limit_exceeded` before any hashing,
 * `company_suspended`, `permission_denied` when the member is in no such company.
 */
export async function logIn(call: Call, input: unknown): Answer<SessionView> {
  const parsed = parseInput(LogIn, input);
  if (!parsed.ok) return parsed;
  const { email, password, company_id: companyId } = parsed.value;
  const allowed = await limitAttempts(call, email);
  if (!allowed.ok) return allowed;

  const member = await findMemberByEmail(call.db, email);
  const matches = await isPassword(password, member?.passwordHash ?? null);
  if (member === undefined || !matches || !member.isActive) return REFUSED;

  const joined = chooseCompany(await listCompaniesOf(call.db, member.id), companyId);
  if (!joined.ok) return joined;
  return ok(await startSession(call, member, joined.value));
}

function chooseCompany(companies: readonly Joined[], wanted: string | undefined): Result<Joined> {
  const eligible = wanted === undefined ? companies : companies.filter(({ company }) => company.id === wanted);
  const chosen = eligible.find(({ company }) => company.isActive) ?? eligible[0];
  if (chosen === undefined) return err("permission_denied", "You are not a member of such a company.");
  const active = requireActiveCompany(chosen.company);
  return active.ok ? ok(chosen) : active;
}

async function startSession(call: Call, member: MemberRow, joined: Joined): Promise<SessionView> {
  const { company } = joined;
  const session = await makeSession(call, { memberId: member.id, companyId: company.id, method: "password" });
  await call.db.batch([
    insertSession(call.db, session.row),
    auditIfChanged(call, {
      actor: { kind: "member", companyId: company.id, memberId: member.id, keyId: null },
      action: "session.started",
      targetId: session.row.id,
      after: { method: session.row.method },
    }),
  ]);
  const of = { id: session.row.id, memberId: member.id };
  return sessionView(call, of, session.refreshToken, company, roleName(joined.role, joined.customName));
}
