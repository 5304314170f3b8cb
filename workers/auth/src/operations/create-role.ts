import type { Actor } from "@aggregator/contracts/actor";
import type { RoleView } from "@aggregator/contracts/members";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { isUniqueViolation } from "../db/client.ts";
import { countRoles, insertRole, type RoleRow } from "../db/roles.ts";
import { ROLE_NAME_TAKEN, roleInput, roleView } from "../domain/role-view.ts";
import { requirePermissionsGivable } from "../members/require-permissions-givable.ts";

const CreateRole = z.strictObject(roleInput);
const MAX_ROLES = 100;

/**
 * Makes a role of the company's own out of permissions that the actor has. Needs `roles:manage`.
 * `invalid_request`, `permission_denied`, `already_exists` for a name, `conflict` beyond 100 roles.
 */
export async function createRole(call: Call, actor: Actor, input: unknown): Answer<RoleView> {
  const allowed = requirePermission(actor, "roles:manage");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(CreateRole, input);
  if (!parsed.ok) return parsed;
  const givable = await requirePermissionsGivable(call, actor, parsed.value.permissions);
  if (!givable.ok) return givable;
  if ((await countRoles(call.db, actor.companyId)) >= MAX_ROLES) {
    return err("conflict", `A company has at most ${MAX_ROLES} roles of its own.`);
  }
  const role: RoleRow = {
    ...parsed.value,
    id: call.newId(),
    companyId: actor.companyId,
    revision: 1,
    createdAtMs: call.nowMs,
    updatedAtMs: call.nowMs,
  };
  try {
    await call.db.batch([
      insertRole(call.db, role),
      auditIfChanged(call, {
        actor,
        action: "role.created",
        targetId: role.id,
        after: { name: role.name, permissions: [...role.permissions] },
      }),
    ]);
  } catch (error) {
    if (isUniqueViolation(error, "roles.company_id, roles.name")) return ROLE_NAME_TAKEN;
    throw error;
  }
  return ok(roleView(role));
}
