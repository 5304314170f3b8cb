import { ok, type Result } from "@aggregator/contracts/result";
import { call } from "./call.ts";
import type { GatewayContext } from "./gateway-context.ts";

/**
 * Tells billing who brought a company, from what auth found when it registered; a repeat changes nothing. Before
 * a company's money moves and not only at its registration: a payment of which billing hears first would
 * earn the referrer nothing. `service_unavailable` when either does not answer: nothing may move then.
 */
export async function tellReferral(c: GatewayContext, companyId: string): Promise<Result<void>> {
  const found = await call(c, "auth", (context) => c.env.AUTH.referralOf(context, companyId));
  if (!found.ok) return found;
  const attribution = found.value;
  return attribution === null
    ? ok()
    : call(c, "billing", (context) => c.env.BILLING.attributeReferral(context, attribution));
}
