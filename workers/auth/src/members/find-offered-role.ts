import type { Permission } from "@aggregator/contracts/permissions";
import { BUILT_IN_ROLES } from "@aggregator/contracts/permissions";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { z } from "zod";
import type { Call } from "../call.ts";
import { findRole } from "../db/roles.ts";
import { roleName } from "../domain/company-view.ts";
import { permissionsOf, type StoredRole } from "../domain/roles.ts";

/** How a request names a role: a built-in one by `role`, the company's own by `role_id`. */
export const roleFields = {
  role: z.enum(BUILT_IN_ROLES, `must be one of ${BUILT_IN_ROLES.join(", ")}; name your own role by role_id`).optional(),
  role_id: z.string().min(1).max(64).optional(),
};

export interface OfferedRole {
  readonly role: StoredRole;
  readonly customRoleId: string | null;
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** The role that a request names, of the company; `invalid_request` for none, both, or one that is not the company's. */
export async function findOfferedRole(
  call: Call,
  companyId: string,
  { role, role_id: id }: { readonly role?: StoredRole | undefined; readonly role_id?: string | undefined },
): Promise<Result<OfferedRole>> {
  if ((role === undefined) === (id === undefined)) {
    return err("invalid_request", "role: name either a role or a role_id", { param: "role" });
  }
  if (role !== undefined) {
    return ok({ role, customRoleId: null, name: roleName(role, null), permissions: permissionsOf(role, null) });
  }
  const custom = await findRole(call.db, companyId, id ?? "");
  if (custom === undefined) return err("invalid_request", "role_id: is not a role of yours", { param: "role_id" });
  return ok({ role: "custom", customRoleId: custom.id, name: custom.name, permissions: custom.permissions });
}
