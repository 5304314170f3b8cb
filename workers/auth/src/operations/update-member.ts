import type { Actor } from "@aggregator/contracts/actor";
import type { AccessChange, MemberView } from "@aggregator/contracts/members";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import type { Call } from "../call.ts";
import { selectKeysOfMember } from "../db/api-keys.ts";
import { auditIfChanged } from "../db/audit.ts";
import { changeRole, findJoinedMember, type JoinedMember } from "../db/members.ts";
import { memberView, NO_SUCH_MEMBER } from "../domain/member-view.ts";
import { checkRevision, lostRace } from "@aggregator/runtime/revision";
import { findOfferedRole, type OfferedRole, roleFields } from "../members/find-offered-role.ts";
import { keyAccessOf } from "../members/key-access-of.ts";
import { requirePermissionsGivable } from "../members/require-permissions-givable.ts";
import { contactOf } from "../notices/contact-of.ts";
import { tell } from "../notices/tell.ts";

const UpdateMember = z.strictObject(roleFields);

/**
 * Gives a member another role, in force with its next request. Nobody gives, or takes, permissions that
 * they do not have themselves, so that an admin cannot touch an owner. Needs `members:manage`.
 * `not_found`, `invalid_request`, `permission_denied`, `precondition_failed`, `conflict` for the last owner.
 */
export async function updateMember(
  call: Call,
  actor: Actor,
  id: string,
  input: unknown,
  ifMatch: string | null,
): Answer<AccessChange<MemberView>> {
  const allowed = requirePermission(actor, "members:manage");
  if (!allowed.ok) return allowed;
  const before = await findJoinedMember(call.db, actor.companyId, id);
  if (before === undefined) return NO_SUCH_MEMBER;
  const parsed = parseInput(UpdateMember, input);
  if (!parsed.ok) return parsed;
  const current = checkRevision(ifMatch, before.revision);
  if (!current.ok) return current;
  const offered = await findOfferedRole(call, actor.companyId, parsed.value);
  if (!offered.ok) return offered;
  for (const permissions of [memberView(before).permissions, offered.value.permissions]) {
    const givable = await requirePermissionsGivable(call, actor, permissions);
    if (!givable.ok) return givable;
  }
  const stored = await store(call, actor, before, offered.value, ifMatch);
  if (!stored.ok) return stored;
  const keys = await selectKeysOfMember(call.db, actor.companyId, id);
  const view = memberView(stored.value);
  return ok({ view, keys: keyAccessOf(actor.companyId, keys, view.permissions) });
}

async function store(
  call: Call,
  actor: Actor,
  before: JoinedMember,
  { role, customRoleId, name }: OfferedRole,
  ifMatch: string | null,
): Promise<Result<JoinedMember>> {
  // A repeat after the accounts were not reached changes nothing, and answers the keys again.
  if (before.role === role && before.customRoleId === customRoleId) return ok(before);
  const [changed] = await call.db.batch([
    changeRole(call.db, before, { role, customRoleId, updatedAtMs: call.nowMs }),
    auditIfChanged(call, {
      actor,
      action: "member.role_changed",
      targetId: before.memberId,
      before: { role: memberView(before).role },
      after: { role: name },
    }),
  ]);
  const after = await findJoinedMember(call.db, before.companyId, before.memberId);
  if (after === undefined) return NO_SUCH_MEMBER;
  if (changed.length === 0) return after.revision === before.revision ? LAST_OWNER : lostRace(ifMatch);
  tell(call, [contactOf({ ...after, role: name, changedAtMs: call.nowMs })]);
  return ok(after);
}

const LAST_OWNER = err("conflict", "A company needs an owner. Make somebody else an owner first.");
