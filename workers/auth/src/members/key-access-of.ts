import type { KeyAccess } from "@aggregator/contracts/key-access";
import type { Permission } from "@aggregator/contracts/permissions";
import { companyActor } from "../domain/company-actor.ts";

interface MadeKey {
  readonly id: string;
  readonly scopes: readonly Permission[];
  readonly isActive: boolean;
}

/**
 * Of the keys that members made who have these permissions now: whether they may call models. Isolates
 * may remember for seconds what was, so the account is told both ways.
 */
export function keyAccessOf(
  companyId: string,
  keys: readonly MadeKey[],
  permissions: readonly Permission[],
): KeyAccess {
  const callers = keys.filter(({ isActive, scopes }) => isActive && scopes.includes("inference:create"));
  const ids = callers.map(({ id }) => id);
  const may = permissions.includes("inference:create");
  return { actor: companyActor(companyId), revoked: [], paused: may ? [] : ids, resumed: may ? ids : [] };
}
