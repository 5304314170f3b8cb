import type { RoleView } from "@aggregator/contracts/members";
import { BUILT_IN_ROLES, PERMISSIONS } from "@aggregator/contracts/permissions";
import { err } from "@aggregator/contracts/result";
import { z } from "zod";
import type { RoleRow } from "../db/roles.ts";
import { ROLE_PERMISSIONS } from "./roles.ts";

export const NO_SUCH_ROLE = err("not_found", "There is no such role.");
export const ROLE_NAME_TAKEN = err("already_exists", "name: a role of this name exists", { param: "name" });

/** The roles that every company has. */
export const BUILT_IN_ROLE_VIEWS: readonly RoleView[] = BUILT_IN_ROLES.map((name) => ({
  id: name,
  name,
  is_built_in: true,
  permissions: ROLE_PERMISSIONS[name],
  revision: 0,
}));

/** A company's own role. */
export function roleView({ id, name, permissions, revision }: RoleRow): RoleView {
  return { id, name, is_built_in: false, permissions, revision };
}

const BUILT_IN_NAMES: ReadonlySet<string> = new Set([...BUILT_IN_ROLES, "custom"]);

/** A company's own role: its name is plain, so that none looks like another or like a built-in one. */
export const roleInput = {
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}$/, "must be 1 to 64 letters, digits, spaces or any of _ . -")
    .refine((name) => !BUILT_IN_NAMES.has(name.toLowerCase()), "is the name of a built-in role"),
  permissions: z
    .array(z.enum(PERMISSIONS))
    .max(PERMISSIONS.length)
    .transform((list) => [...new Set(list)]),
};
