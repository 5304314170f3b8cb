import type { Actor } from "@aggregator/contracts/actor";
import type { AccessChange, RoleView } from "@aggregator/contracts/members";
import { type Answer, err, ok, type Result } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import type { Call } from "../call.ts";
import { selectKeysOfRole } from "../db/api-keys.ts";
import { auditIfChanged } from "../db/audit.ts";
import { isUniqueViolation } from "../db/client.ts";
import { changeRoleRow, findRole, type RoleRow } from "../db/roles.ts";
import { differenceOf } from "@aggregator/runtime/difference";
import { BUILT_IN_ROLE_VIEWS, NO_SUCH_ROLE, ROLE_NAME_TAKEN, roleInput, roleView } from "../domain/role-view.ts";
import { checkRevision, lostRace } from "@aggregator/runtime/revision";
import { keyAccessOf } from "../members/key-access-of.ts";
import { requirePermissionsGivable } from "../members/require-permissions-givable.ts";

const UpdateRole = z.strictObject({ name: roleInput.name.optional(), permissions: roleInput.permissions.optional() });

/**
 * Changes a role of the company's own, in force with the next request of each who has it. The actor must
 * have what it had and what it gets. Needs `roles:manage`. `not_found`, `invalid_request`,
 * `permission_denied`, `already_exists`, `precondition_failed`, `conflict` for a built-in role.
 */
export async function updateRole(
  call: Call,
  actor: Actor,
  id: string,
  input: unknown,
  ifMatch: string | null,
): Answer<AccessChange<RoleView>> {
  const allowed = requirePermission(actor, "roles:manage");
  if (!allowed.ok) return allowed;
  if (BUILT_IN_ROLE_VIEWS.some((role) => role.id === id)) return BUILT_IN;
  const before = await findRole(call.db, actor.companyId, id);
  if (before === undefined) return NO_SUCH_ROLE;
  const parsed = parseInput(UpdateRole, input);
  if (!parsed.ok) return parsed;
  const current = checkRevision(ifMatch, before.revision);
  if (!current.ok) return current;
  const { name = before.name, permissions = before.permissions } = parsed.value;
  const givable = await requirePermissionsGivable(call, actor, [...new Set([...before.permissions, ...permissions])]);
  if (!givable.ok) return givable;
  const stored = await store(call, actor, before, { ...before, name, permissions }, ifMatch);
  if (!stored.ok) return stored;
  const keys = await selectKeysOfRole(call.db, actor.companyId, id);
  return ok({ view: roleView(stored.value), keys: keyAccessOf(actor.companyId, keys, permissions) });
}

async function store(
  call: Call,
  actor: Actor,
  before: RoleRow,
  after: RoleRow,
  ifMatch: string | null,
): Promise<Result<RoleRow>> {
  const difference = differenceOf(roleView(before), roleView(after));
  if (difference === null) return ok(before);
  try {
    const [[changed]] = await call.db.batch([
      changeRoleRow(call.db, before, { ...after, revision: before.revision + 1, updatedAtMs: call.nowMs }),
      auditIfChanged(call, { actor, action: "role.updated", targetId: before.id, ...difference }),
    ]);
    return changed === undefined ? lostRace(ifMatch) : ok(changed);
  } catch (error) {
    if (isUniqueViolation(error, "roles.company_id, roles.name")) return ROLE_NAME_TAKEN;
    throw error;
  }
}

const BUILT_IN = err("conflict", "A built-in role is the same for every company. Make a role of your own.");
