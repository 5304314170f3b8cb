import { type BuiltInRole, type Permission, PERMISSIONS } from "@aggregator/contracts/permissions";

/** As stored: a built-in role, or `custom` with a role of the company beside it. */
export type StoredRole = BuiltInRole | "custom";

const VIEWER = [
  "models:read",
  "company:read",
  "members:read",
  "roles:read",
  "api_keys:read",
  "provider_preferences:read",
  "provider_credentials:read",
  "billing:read",
  "referrals:read",
  "usage:read",
  "requests:read",
  "webhooks:read",
] as const satisfies readonly Permission[];

/** What each built-in role may do. Only an owner may close the company or make another owner. */
export const ROLE_PERMISSIONS: Readonly<Record<BuiltInRole, readonly Permission[]>> = {
  owner: PERMISSIONS,
  admin: PERMISSIONS.filter((permission) => permission !== "company:close"),
  developer: [
    ...VIEWER,
    "inference:create",
    "api_keys:manage",
    "provider_preferences:manage",
    "provider_credentials:manage",
    "requests:cancel",
    "webhooks:manage",
  ],
  billing: [...VIEWER, "billing:manage", "budgets:manage", "notifications:manage"],
  viewer: VIEWER,
};

/** What a key may do when its maker does not say, as far as the maker may: call models, and read what it cost. */
export const DEFAULT_KEY_SCOPES = [
  "inference:create",
  "models:read",
  "billing:read",
  "usage:read",
  "requests:read",
] as const satisfies readonly Permission[];

/** Permissions of a role; `custom` has those of the company's own role, none when that is gone. */
export function permissionsOf(role: StoredRole, custom: readonly Permission[] | null): readonly Permission[] {
  return role === "custom" ? (custom ?? []) : ROLE_PERMISSIONS[role];
}

/** What is in both, in the order of the first. */
export function intersect(wanted: readonly Permission[], held: readonly Permission[]): readonly Permission[] {
  return wanted.filter((permission) => held.includes(permission));
}

/** What is wanted and not held: must be empty before anything is given. */
export function missingFrom(wanted: readonly Permission[], held: readonly Permission[]): readonly Permission[] {
  return wanted.filter((permission) => !held.includes(permission));
}
