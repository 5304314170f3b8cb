import type { Actor } from "@aggregator/contracts/actor";
import type { Permission } from "@aggregator/contracts/permissions";
import { err, ok, type Result } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { findApiKey } from "../db/api-keys.ts";
import { checkWithinParent } from "../domain/key-bounds.ts";
import { NO_POLICY } from "../domain/key-policy.ts";
import { missingFrom } from "../domain/roles.ts";

/**
 * `permission_denied` unless the actor has all of these and so may give them to a person, or take them
 * away. A person has no limits of models, money or time: a key that has some gives a person nothing.
 */
export async function requirePermissionsGivable(
  call: Call,
  actor: Actor,
  permissions: readonly Permission[],
): Promise<Result<void>> {
  const missing = missingFrom(permissions, actor.permissions);
  if (missing.length > 0) {
    return err("permission_denied", `You cannot give or take what you do not have: ${missing.join(", ")}.`);
  }
  if (actor.keyId === null) return ok();
  const key = await findApiKey(call.db, actor.companyId, actor.keyId);
  const free = key !== undefined && checkWithinParent(NO_POLICY, key).ok;
  return free ? ok() : err("permission_denied", "An API key with limits of its own cannot give permissions to people.");
}
