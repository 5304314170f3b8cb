import type { SessionView } from "@aggregator/contracts/auth";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { isUniqueViolation } from "../db/client.ts";
import {
  acceptInvitationRow,
  findInvitationByToken,
  insertInvitedMember,
  insertInvitedMembership,
} from "../db/invitations.ts";
import { findJoinedMember, findMemberByEmail, verifyAddress } from "../db/members.ts";
import { roleName } from "../domain/company-view.ts";
import { requireActiveCompany } from "../domain/company-state.ts";
import { NewPassword } from "../domain/fields.ts";
import { isMailToken } from "../domain/mail-token.ts";
import { memberView } from "../domain/member-view.ts";
import { missingFrom, permissionsOf } from "../domain/roles.ts";
import { contactOf } from "../notices/contact-of.ts";
import { tell } from "../notices/tell.ts";
import { hashPassword, isPassword } from "../passwords/passwords.ts";
import { signIn } from "../sessions/sign-in.ts";

const AcceptInvitation = z.strictObject({ token: z.string().max(128), password: z.string().min(1).max(1_024) });

type Invited = NonNullable<Awaited<ReturnType<typeof findInvitationByToken>>>;

/**
 * Joins the company that a link invites to, and signs in. The link proves the address; a member that has
 * it proves itself with its password, anybody else chooses one. What the inviter may no longer give is
 * not given. `invalid_request` for a link that is not, or no longer, good; `invalid_credentials`,
 * `rate_limit_exceeded` before any hashing, `already_exists`, `company_suspended`; `mfa_required` once joined.
 */
export async function acceptInvitation(call: Call, input: unknown): Answer<SessionView> {
  const parsed = parseInput(AcceptInvitation, input);
  if (!parsed.ok) return parsed;
  const { token, password } = parsed.value;
  const found = isMailToken(token) ? await findInvitationByToken(call.db, await sha256Hex(token)) : undefined;
  const limited = await limitAttempts(call, found?.invitation.email ?? null);
  if (!limited.ok) return limited;
  if (found === undefined || !(await isGood(call, found))) return BAD_LINK;
  const active = requireActiveCompany(found.company);
  if (!active.ok) return active;

  const memberId = await join(call, found, password);
  if (!memberId.ok) return memberId;
  const { company, invitation } = found;
  const role = roleName(invitation.role, invitation.customName);
  const contact = { companyId: company.id, memberId: memberId.value, email: invitation.email, role };
  tell(call, [contactOf({ ...contact, isActive: true, changedAtMs: call.nowMs })]);
  return signIn(call, memberId.value, company, role, "password");
}

const BAD_LINK = err("invalid_request", "token: the invitation is not good, or no longer; ask for a new one", {
  param: "token",
});

/** Pending, not expired, and its inviter could still make it. */
async function isGood(call: Call, { invitation }: Invited): Promise<boolean> {
  if (invitation.status !== "pending" || invitation.expiresAtMs <= call.nowMs) return false;
  if (invitation.invitedByMemberId === null) return true;
  const inviter = await findJoinedMember(call.db, invitation.companyId, invitation.invitedByMemberId);
  if (inviter === undefined || !inviter.isActive) return false;
  const offered = permissionsOf(invitation.role, invitation.customPermissions);
  return missingFrom(["invitations:manage", ...offered], memberView(inviter).permissions).length === 0;
}

/** The id of the member that has joined, known before or new. */
async function join(call: Call, { invitation }: Invited, password: string): Promise<Result<string>> {
  const known = await findMemberByEmail(call.db, invitation.email);
  if (known !== undefined) {
    const matches = await isPassword(password, known.passwordHash);
    if (!matches || !known.isActive) return err("invalid_credentials", "The password is not the one of this address.");
    return store(call, invitation, known.id, verifyAddress(call.db, known.id, call.nowMs));
  }
  const chosen = parseInput(z.object({ password: NewPassword }), { password });
  if (!chosen.ok) return chosen;
  const member = { id: call.newId(), passwordHash: await hashPassword(password) };
  return store(call, invitation, member.id, insertInvitedMember(call.db, invitation.id, member, call.nowMs));
}

async function store(
  call: Call,
  invitation: Invited["invitation"],
  memberId: string,
  prepare: ReturnType<typeof verifyAddress> | ReturnType<typeof insertInvitedMember>,
): Promise<Result<string>> {
  const role = roleName(invitation.role, invitation.customName);
  try {
    const [, , joined] = await call.db.batch([
      prepare,
      acceptInvitationRow(call.db, invitation.id, call.nowMs),
      insertInvitedMembership(call.db, invitation.id, memberId, call.nowMs),
      auditIfChanged(call, {
        actor: { kind: "member", companyId: invitation.companyId, memberId, keyId: null },
        action: "member.joined",
        targetId: memberId,
        after: { email: invitation.email, role, invitation_id: invitation.id },
      }),
    ]);
    return joined.meta.changes > 0 ? ok(memberId) : BAD_LINK;
  } catch (error) {
    const isMember = isUniqueViolation(error, "memberships.") || isUniqueViolation(error, "members.email");
    if (!isMember) throw error;
    return err("already_exists", "You are a member of this company already. Log in.");
  }
}
