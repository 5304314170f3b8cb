import { type Answer, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts, mayMail } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { findMemberByEmail } from "../db/members.ts";
import { Email } from "../domain/fields.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";
import { makeLink } from "../notices/mail-link.ts";

const ForgotPassword = z.strictObject({ email: Email });

/**
 * Mails a link that sets a new password, where the address is a member's. The answer never depends on
 * that, nor does its time: whatever does is done after it. `invalid_request`, `rate_limit_exceeded`.
 */
export async function forgotPassword(call: Call, input: unknown): Answer<void> {
  const parsed = parseInput(ForgotPassword, input);
  if (!parsed.ok) return parsed;
  const { email } = parsed.value;
  const allowed = await limitAttempts(call, email);
  if (!allowed.ok) return allowed;
  call.later(mailLinkTo(call, email));
  return ok();
}

async function mailLinkTo(call: Call, email: string): Promise<void> {
  const member = await findMemberByEmail(call.db, email);
  if (member === undefined || !member.isActive || !(await mayMail(call, "password_reset", email))) return;
  const link = await makeLink(call, "password_reset", member);
  const audit = await auditInCompanies(call, member.id, { action: "password.reset_requested" });
  await call.db.batch([...link.statements, ...audit]);
  link.mail();
}
