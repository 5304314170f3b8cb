import type { Actor } from "@aggregator/contracts/actor";
import type { InvitationView } from "@aggregator/contracts/members";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { findApiKey } from "../db/api-keys.ts";
import { auditIfChanged } from "../db/audit.ts";
import { findCompany } from "../db/companies.ts";
import {
  findPendingInvitationTo,
  type InvitationRow,
  insertInvitation,
  revokeInvitationsTo,
} from "../db/invitations.ts";
import { findJoinedMember, findMember, findMemberByEmail } from "../db/members.ts";
import { Email } from "../domain/fields.ts";
import { invitationView } from "../domain/invitation-view.ts";
import { mailLink, newMailToken } from "../domain/mail-token.ts";
import { findOfferedRole, type OfferedRole, roleFields } from "../members/find-offered-role.ts";
import { requirePermissionsGivable } from "../members/require-permissions-givable.ts";
import { noticeOf, tell } from "../notices/tell.ts";

const CreateInvitation = z.strictObject({ email: Email, ...roleFields });
const LIFETIME_MS = 7 * 86_400_000;

/**
 * Invites an address to the company, with a role that may nothing which the actor may not; a link that is
 * good for a week is mailed to it, and one before it ends. Needs `invitations:manage`. `invalid_request`,
 * `permission_denied`, `already_exists` for a member, `rate_limit_exceeded` for mail to one address.
 */
export async function createInvitation(call: Call, actor: Actor, input: unknown): Answer<InvitationView> {
  const allowed = requirePermission(actor, "invitations:manage");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(CreateInvitation, input);
  if (!parsed.ok) return parsed;
  const { email } = parsed.value;
  const offered = await findOfferedRole(call, actor.companyId, parsed.value);
  if (!offered.ok) return offered;
  const givable = await requirePermissionsGivable(call, actor, offered.value.permissions);
  if (!givable.ok) return givable;
  const known = await findMemberByEmail(call.db, email);
  if (known !== undefined && (await findJoinedMember(call.db, actor.companyId, known.id)) !== undefined) {
    return err("already_exists", "email: is a member already", { param: "email" });
  }
  const limited = await limitAttempts(call, email);
  if (!limited.ok) return limited;
  return ok(await store(call, actor, email, offered.value));
}

async function store(call: Call, actor: Actor, email: string, offered: OfferedRole): Promise<InvitationView> {
  const token = newMailToken();
  const { role, customRoleId, name } = offered;
  const row: InvitationRow = {
    id: call.newId(),
    companyId: actor.companyId,
    email,
    role,
    customRoleId,
    tokenHash: await sha256Hex(token),
    invitedByMemberId: actor.memberId,
    status: "pending",
    createdAtMs: call.nowMs,
    expiresAtMs: call.nowMs + LIFETIME_MS,
    endedAtMs: null,
  };
  const before = await findPendingInvitationTo(call.db, actor.companyId, email);
  await call.db.batch([
    revokeInvitationsTo(call.db, actor.companyId, email, call.nowMs),
    auditIfChanged(call, {
      actor,
      action: "invitation.revoked",
      targetId: before?.id ?? row.id,
      after: { email, replaced_by: row.id },
    }),
    insertInvitation(call.db, row),
    auditIfChanged(call, { actor, action: "invitation.created", targetId: row.id, after: { email, role: name } }),
  ]);
  await mail(call, actor, row, token);
  return invitationView({ ...row, customName: name, customPermissions: offered.permissions }, call.nowMs);
}

async function mail(call: Call, actor: Actor, row: InvitationRow, token: string): Promise<void> {
  const [company, member, key] = await Promise.all([
    findCompany(call.db, actor.companyId),
    actor.kind === "member" && actor.memberId !== null ? findMember(call.db, actor.memberId) : undefined,
    actor.keyId === null ? undefined : findApiKey(call.db, actor.companyId, actor.keyId),
  ]);
  const data = {
    to: row.email,
    link: mailLink(call.config.PUBLIC_URL, "invitation", token),
    expires_at_ms: row.expiresAtMs,
    company_name: company?.name ?? "",
    invited_by: member?.email ?? key?.name ?? "",
  };
  tell(call, [noticeOf(call, row.companyId, { kind: "invitation", data }, `invitation/${row.id}`)]);
}
