import type { Actor } from "@aggregator/contracts/actor";
import type { Permission } from "@aggregator/contracts/permissions";
import { err, ok, type Result } from "@aggregator/contracts/result";

/** First line of an operation: `permission_denied`, naming what is missing, unless the actor has it. */
export function requirePermission(actor: Actor, permission: Permission): Result<void> {
  if (actor.permissions.includes(permission)) return ok();
  return err("permission_denied", `This needs the permission ${permission}.`);
}

/** First line of an operator's operation. */
export function requirePlatformAdmin(actor: Actor): Result<void> {
  return actor.platformAdmin ? ok() : err("permission_denied", "This is for operators of the platform.");
}
