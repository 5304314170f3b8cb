import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { deleteRoleRow, findRole, forgetEndedInvitations } from "../db/roles.ts";
import { BUILT_IN_ROLE_VIEWS, NO_SUCH_ROLE } from "../domain/role-view.ts";
import { requirePermissionsGivable } from "../members/require-permissions-givable.ts";

/**
 * Removes a role of the company's own. Needs `roles:manage` and all that the role may. `not_found`,
 * `permission_denied`, `conflict` for a built-in role and while somebody has it or is invited to it.
 */
export async function deleteRole(call: Call, actor: Actor, id: string): Answer<void> {
  const allowed = requirePermission(actor, "roles:manage");
  if (!allowed.ok) return allowed;
  if (BUILT_IN_ROLE_VIEWS.some((role) => role.id === id)) return err("conflict", "A built-in role stays.");
  const role = await findRole(call.db, actor.companyId, id);
  if (role === undefined) return NO_SUCH_ROLE;
  const givable = await requirePermissionsGivable(call, actor, role.permissions);
  if (!givable.ok) return givable;
  const [, deleted] = await call.db.batch([
    forgetEndedInvitations(call.db, id, call.nowMs),
    deleteRoleRow(call.db, actor.companyId, id, call.nowMs),
    auditIfChanged(call, {
      actor,
      action: "role.deleted",
      targetId: id,
      before: { name: role.name, permissions: [...role.permissions] },
    }),
  ]);
  return deleted.length > 0 ? ok() : err("conflict", "Somebody has this role or is invited to it. Change that first.");
}
