import type { Actor } from "@aggregator/contracts/actor";
import type { KeyAccess } from "@aggregator/contracts/key-access";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { revokeKeysOfLeaver, selectKeysOfMember } from "../db/api-keys.ts";
import { auditIfChanged } from "../db/audit.ts";
import { deleteMembership, findJoinedMember, type JoinedMember } from "../db/members.ts";
import { endSessionsOfLeaver } from "../db/sessions.ts";
import { companyActor } from "../domain/company-actor.ts";
import { memberView, NO_SUCH_MEMBER } from "../domain/member-view.ts";
import { requirePermissionsGivable } from "../members/require-permissions-givable.ts";
import { contactOf } from "../notices/contact-of.ts";
import { tell } from "../notices/tell.ts";

/**
 * Takes a member out of the company: its sessions here end, its keys too, and the answer says which
 * keys its account is to refuse. A repeat answers the keys again. Needs `members:manage` and all that the member may,
 * or being that member: anybody may leave. `not_found`, `permission_denied`, `conflict` for the last owner.
 */
export async function removeMember(call: Call, actor: Actor, id: string): Answer<KeyAccess> {
  const isOneself = actor.kind === "member" && actor.memberId === id;
  const allowed: Result<void> = isOneself ? ok() : requirePermission(actor, "members:manage");
  if (!allowed.ok) return allowed;
  const member = await findJoinedMember(call.db, actor.companyId, id);
  if (member !== undefined) {
    const givable: Result<void> = isOneself
      ? ok()
      : await requirePermissionsGivable(call, actor, memberView(member).permissions);
    if (!givable.ok) return givable;
    if (!(await remove(call, actor, member))) return LAST_OWNER;
  }
  const keys = await selectKeysOfMember(call.db, actor.companyId, id);
  if (member === undefined && keys.length === 0) return NO_SUCH_MEMBER;
  return ok({ actor: companyActor(actor.companyId), revoked: keys.map((key) => key.id), paused: [], resumed: [] });
}

async function remove(call: Call, actor: Actor, member: JoinedMember): Promise<boolean> {
  const { companyId, memberId } = member;
  const role = memberView(member).role;
  const [deleted] = await call.db.batch([
    deleteMembership(call.db, companyId, memberId),
    auditIfChanged(call, {
      actor,
      action: "member.removed",
      targetId: memberId,
      before: { email: member.email, role },
      after: { are_sessions_ended: true, are_keys_revoked: true },
    }),
    endSessionsOfLeaver(call.db, companyId, memberId, call.nowMs),
    revokeKeysOfLeaver(call.db, companyId, memberId, call.nowMs),
  ]);
  if (deleted.length === 0) return (await findJoinedMember(call.db, companyId, memberId)) === undefined;
  tell(call, [contactOf({ ...member, role, isActive: false, changedAtMs: call.nowMs })]);
  return true;
}

const LAST_OWNER = err(
  "conflict",
  "A company needs an owner. Make somebody else an owner first, or close the company.",
);
