import type { Actor } from "@aggregator/contracts/actor";
import type { RoleView } from "@aggregator/contracts/members";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Call } from "../call.ts";
import { findRole } from "../db/roles.ts";
import { BUILT_IN_ROLE_VIEWS, NO_SUCH_ROLE, roleView } from "../domain/role-view.ts";

/** A role: a built-in one by its name, the company's own by its id. Needs `roles:read`. `not_found`. */
export async function getRole(call: Call, actor: Actor, id: string): Answer<RoleView> {
  const allowed = requirePermission(actor, "roles:read");
  if (!allowed.ok) return allowed;
  const builtIn = BUILT_IN_ROLE_VIEWS.find((role) => role.id === id);
  if (builtIn !== undefined) return ok(builtIn);
  const role = await findRole(call.db, actor.companyId, id);
  return role === undefined ? NO_SUCH_ROLE : ok(roleView(role));
}
