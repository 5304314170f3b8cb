import type { RoleView } from "@aggregator/contracts/members";

/** How the API names a role that is given: a built-in one by its name, a company's own by its id. */
export function givenRole(id: string, roles: readonly RoleView[]): Readonly<Record<string, string>> {
  const isBuiltIn = roles.some((role) => role.id === id && role.is_built_in);
  return isBuiltIn ? { role: id } : { role_id: id };
}
