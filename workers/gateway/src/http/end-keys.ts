import type { EndedKey } from "@aggregator/contracts/accounts";
import { ok, type Result } from "@aggregator/contracts/result";
import { call } from "./call.ts";
import type { GatewayContext } from "./gateway-context.ts";

/**
 * Tells the accounts of keys that they have ended: each refuses its key from the very next request on,
 * whatever a cache says. Safe to repeat; `service_unavailable` when one did not answer.
 */
export async function endKeys(c: GatewayContext, ended: readonly EndedKey[]): Promise<Result<void>> {
  for (const { actor, keyId } of ended) {
    const told = await call(c, "billing", (context) => c.env.BILLING.revokeKey(context, actor, keyId));
    if (!told.ok) return told;
  }
  return ok();
}
