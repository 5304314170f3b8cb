import type { EndedKey } from "@aggregator/contracts/accounts";
import type { Permission } from "@aggregator/contracts/permissions";
import { companyActor } from "../domain/company-actor.ts";

interface MadeKey {
  readonly id: string;
  readonly scopes: readonly Permission[];
  readonly isActive: boolean;
}

/**
 * Of the keys that members made who have these permissions now, those that may not call models any
 * more. Isolates may remember for seconds that they could: their accounts are to refuse them so long.
 */
export function keysWithoutInference(
  companyId: string,
  keys: readonly MadeKey[],
  permissions: readonly Permission[],
): readonly EndedKey[] {
  if (permissions.includes("inference:create")) return [];
  const lost = keys.filter(({ isActive, scopes }) => isActive && scopes.includes("inference:create"));
  return lost.map(({ id }) => ({ actor: companyActor(companyId), keyId: id }));
}
