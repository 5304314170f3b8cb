import type { SessionView } from "@aggregator/contracts/auth";
import { type Answer, err } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { findMemberByEmail, listCompaniesOf } from "../db/members.ts";
import { roleName } from "../domain/company-view.ts";
import { Email } from "../domain/fields.ts";
import { isPassword } from "../passwords/passwords.ts";
import { chooseCompany } from "../sessions/choose-company.ts";
import { signIn } from "../sessions/sign-in.ts";

const LogIn = z.strictObject({
  email: Email,
  password: z.string().min(1).max(1_024),
  /** For a member of several companies; else the first that it joined. */
  company_id: z.string().min(1).max(64).optional(),
});

/** The same for an unknown e-mail, a wrong password and a locked member, after the same work. */
const REFUSED = err("invalid_credentials", "The e-mail or the password is wrong.");

/**
 * Signs a member in to one of its companies. `invalid_credentials` (one answer, about the same time,
 * for an unknown e-mail and a wrong password), `rate_limit_exceeded` before any hashing,
 * `company_suspended`, `permission_denied` when the member is in no such company, `mfa_required` with a
 * challenge for the second step.
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
  const { company, role, customName } = joined.value;
  return signIn(call, member.id, company, roleName(role, customName), "password");
}
