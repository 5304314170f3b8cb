/**
 * The one list of what an actor can be allowed to do, as `resource:action`. Each operation states the
 * permission that it needs and checks the actor itself; roles and key scopes are sets of these.
 */
export const PERMISSIONS = [
  "inference:create",
  "models:read",
  "company:read",
  "company:update",
  "company:export",
  "company:close",
  "members:read",
  "members:manage",
  "invitations:manage",
  "roles:read",
  "roles:manage",
  "api_keys:read",
  "api_keys:manage",
  "provider_preferences:read",
  "provider_preferences:manage",
  "provider_credentials:read",
  "provider_credentials:manage",
  "audit_log:read",
  "billing:read",
  "billing:manage",
  "budgets:manage",
  "referrals:read",
  "usage:read",
  "requests:read",
  "requests:cancel",
  "webhooks:read",
  "webhooks:manage",
  "notifications:manage",
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** Roles that every company has; what each may do is a table of auth's. A company adds its own beside them. */
export const BUILT_IN_ROLES = ["owner", "admin", "developer", "billing", "viewer"] as const;
export type BuiltInRole = (typeof BUILT_IN_ROLES)[number];
