import type { KeyAccess } from "@aggregator/contracts/key-access";
import type { AccessChange } from "@aggregator/contracts/members";
import { ok, type Result } from "@aggregator/contracts/result";
import { call } from "./call.ts";
import type { GatewayContext } from "./gateway-context.ts";

/**
 * Tells the company's account which keys a change ended, paused or resumed: in force from their very
 * next request on, whatever a cache says. `service_unavailable` when the account did not answer; the
 * same change again tells it again.
 */
export async function changeKeyAccess(c: GatewayContext, changed: Result<KeyAccess>): Promise<Result<void>> {
  if (!changed.ok) return changed;
  return call(c, "billing", (context) => c.env.BILLING.changeKeyAccess(context, changed.value));
}

/** As `changeKeyAccess`, for a change that has a view: that is the answer. */
export async function changeAccess<View>(
  c: GatewayContext,
  changed: Result<AccessChange<View>>,
): Promise<Result<View>> {
  if (!changed.ok) return changed;
  const told = await changeKeyAccess(c, ok(changed.value.keys));
  return told.ok ? ok(changed.value.view) : told;
}
