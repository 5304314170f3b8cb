import type { Actor } from "@aggregator/contracts/actor";
import { err, ok, type Result } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { type ApiKeyRow, findApiKey } from "../db/api-keys.ts";
import { checkWithinParent } from "../domain/key-bounds.ts";
import { missingFrom } from "../domain/roles.ts";

/**
 * `permission_denied`, naming the field, unless the actor could give this key away: it has every scope
 * of it, and an acting key is at least as free as it. Whoever changes or rotates a key must pass, too,
 * or would get from another's key what it does not have.
 */
export async function requireGivable(call: Call, actor: Actor, key: ApiKeyRow): Promise<Result<void>> {
  const missing = missingFrom(key.scopes, actor.permissions);
  if (missing.length > 0) {
    return err("permission_denied", `scopes: you cannot give what you do not have: ${missing.join(", ")}`, {
      param: "scopes",
    });
  }
  if (actor.keyId === null) return ok();
  const parent = await findApiKey(call.db, actor.companyId, actor.keyId);
  if (parent === undefined) return err("permission_denied", "The key that asks does not exist.");
  return checkWithinParent(key, parent);
}
