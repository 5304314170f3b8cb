import type { SessionView } from "@aggregator/contracts/auth";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { isUniqueViolation } from "../db/client.ts";
import { type CompanyRow, findReferrer, insertCompany } from "../db/companies.ts";
import { insertMember, insertMembership } from "../db/members.ts";
import { insertSession } from "../db/sessions.ts";
import { randomBase62 } from "../domain/base62.ts";
import { Email, Name, NewPassword } from "../domain/fields.ts";
import { contactOf } from "../notices/contact-of.ts";
import { makeLink, type NewLink } from "../notices/mail-link.ts";
import { tell } from "../notices/tell.ts";
import { hashPassword } from "../passwords/passwords.ts";
import { makeSession, type NewSession, sessionView } from "../sessions/new-session.ts";

const Register = z.strictObject({
  name: Name,
  email: Email,
  password: NewPassword,
  referral_code: z.string().min(1).max(32).optional(),
});
type Register = z.infer<typeof Register>;

const REFERRAL_CODE_DIGITS = 10;

/**
 * Makes a company with its owner and signs the owner in; all of it or none. A link that proves the
 * owner's address is mailed. A referral code is taken
 * here and nowhere else. `invalid_request` naming the field, `rate_limit_exceeded` before any hashing,
 * `already_exists` for a used e-mail: the one place that tells, since its answer is the new session.
 */
export async function register(call: Call, input: unknown): Answer<SessionView> {
  const parsed = parseInput(Register, input);
  if (!parsed.ok) return parsed;
  const allowed = await limitAttempts(call, parsed.value.email);
  if (!allowed.ok) return allowed;
  const referrer = await referrerOf(call, parsed.value.referral_code);
  if (!referrer.ok) return referrer;

  const passwordHash = await hashPassword(parsed.value.password);
  const company = newCompany(call, parsed.value, referrer.value);
  const memberId = call.newId();
  const session = await makeSession(call, { memberId, companyId: company.id, method: "password" });
  const link = await makeLink(call, "email_verification", { id: memberId, email: company.email });
  try {
    await storeCompany(call, company, { id: memberId, passwordHash }, session, link);
  } catch (error) {
    if (!isUniqueViolation(error, "members.email") && !isUniqueViolation(error, "companies.email")) throw error;
    return err("already_exists", "email: an account with this address exists. Log in or reset the password.", {
      param: "email",
    });
  }
  link.mail();
  const contact = { companyId: company.id, memberId, email: company.email, role: "owner" };
  tell(call, [contactOf({ ...contact, isActive: true, changedAtMs: call.nowMs })]);
  call.log.info("company_registered", { request_id: call.context.requestId, company_id: company.id });
  return ok(await sessionView(call, { id: session.row.id, memberId }, session.refreshToken, company, "owner"));
}

async function referrerOf(call: Call, code: string | undefined): Promise<Result<string | null>> {
  if (code === undefined) return ok(null);
  const referrer = await findReferrer(call.db, code);
  if (referrer !== undefined) return ok(referrer.id);
  return err("invalid_request", "referral_code: is not a code of ours; leave it out or correct it", {
    param: "referral_code",
  });
}

function newCompany(call: Call, input: Register, referredByCompanyId: string | null): CompanyRow {
  return {
    id: call.newId(),
    name: input.name,
    email: input.email,
    isVerified: false,
    isActive: true,
    inactiveReason: null,
    referralCode: randomBase62(REFERRAL_CODE_DIGITS),
    referredByCompanyId,
    preferences: null,
    rateLimits: {},
    revision: 1,
    createdAtMs: call.nowMs,
    updatedAtMs: call.nowMs,
  };
}

async function storeCompany(
  call: Call,
  company: CompanyRow,
  owner: { readonly id: string; readonly passwordHash: string },
  session: NewSession,
  link: NewLink,
): Promise<void> {
  const times = { createdAtMs: call.nowMs, updatedAtMs: call.nowMs };
  const after = { name: company.name, email: company.email, referred_by: company.referredByCompanyId };
  await call.db.batch([
    insertCompany(call.db, company),
    insertMember(call.db, { ...owner, email: company.email, ...times }),
    insertMembership(call.db, { companyId: company.id, memberId: owner.id, role: "owner", ...times }),
    insertSession(call.db, session.row),
    auditIfChanged(call, {
      actor: { kind: "member", companyId: company.id, memberId: owner.id, keyId: null },
      action: "company.registered",
      targetId: company.id,
      after,
    }),
    ...link.statements,
  ]);
}
