import { err, ok, type Result } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { findMemberByEmail } from "../db/members.ts";
import { findMemberBySubject, linkSubject } from "../db/oidc-identities.ts";
import { Email } from "../domain/fields.ts";
import { auditInCompanies } from "../members/audit-in-companies.ts";
import { tellSecurity } from "../notices/tell-security.ts";
import type { Proved } from "./redeem-code.ts";

/**
 * The member that somebody is whom the issuer proved: the one that its subject is linked to, else the one
 * with its address, which is linked by this, but only where both the issuer and we have verified that
 * address: else whoever registers a stranger's address first, here or there, would share its account.
 */
export async function memberOf(call: Call, proved: Proved): Promise<Result<string>> {
  const linked = await findMemberBySubject(call.db, proved.issuer, proved.subject);
  if (linked !== undefined) return linked.isActive ? ok(linked.id) : NOBODY;
  const email = Email.safeParse(proved.email);
  if (!proved.isEmailVerified || !email.success) return NOT_VERIFIED_THERE;
  const member = await findMemberByEmail(call.db, email.data);
  if (member === undefined || !member.isActive) return NOBODY;
  if (member.emailVerifiedAtMs === null) return NOT_VERIFIED_HERE;
  return link(call, proved, member);
}

async function link(
  call: Call,
  { issuer, subject }: Proved,
  { id: memberId, email }: { readonly id: string; readonly email: string },
): Promise<Result<string>> {
  const audit = await auditInCompanies(call, memberId, { action: "oidc_identity.linked", after: { issuer } });
  const [linked] = await call.db.batch([
    linkSubject(call.db, { issuer, subject, memberId, createdAtMs: call.nowMs }),
    ...audit,
  ]);
  if (linked.length > 0) {
    tellSecurity(call, email, `signing in by ${issuer} was allowed`.slice(0, 500));
    return ok(memberId);
  }
  // Linked in between: by this subject at the same moment, or the address has another owner at the issuer now.
  const now = await findMemberBySubject(call.db, issuer, subject);
  return now?.id === memberId ? ok(memberId) : NOBODY;
}

const NOBODY = err("permission_denied", "No account is yours by this sign-in. Register, or ask for an invitation.");
const NOT_VERIFIED_THERE = err("email_not_verified", "The issuer has not verified your e-mail address.");
const NOT_VERIFIED_HERE = err(
  "email_not_verified",
  "Your account's e-mail address is not verified. Log in by password and verify it first.",
);
