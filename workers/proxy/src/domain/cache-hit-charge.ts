import type { Reservation } from "@aggregator/contracts/account";
import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { Usage } from "@aggregator/contracts/usage";
import { chargeOf } from "@aggregator/money/charge";
import { markupOf } from "./markup-of.ts";

/**
 * What an answer from the response cache would cost anew at this endpoint, before markup: what its hold is
 * a share of. Nothing where the company's own key would pay, or where the endpoint has no price for it.
 */
export function costAnew(usage: Usage, endpoint: PlannedEndpoint): number {
  return chargeAnew(usage, endpoint, 0)?.costNanoUsd ?? 0;
}

/** What it costs the company: the share that its plan takes of that, markup included, rounded up once. */
export function priceOfCacheHit(
  usage: Usage,
  endpoint: PlannedEndpoint,
  reservation: Pick<Reservation, "cacheHitBps" | "markupBps" | "markupBpsByModel">,
): number {
  const { cacheHitBps: feeBps } = reservation;
  if (feeBps === undefined) return 0;
  const shared = { ...endpoint, price: { ...endpoint.price, feeBps } };
  const isOwn = endpoint.price.feeBps !== undefined;
  return isOwn ? 0 : (chargeAnew(usage, shared, markupOf(reservation, endpoint.model))?.priceNanoUsd ?? 0);
}

/** null: the endpoint that is planned now has no price for what another one used then. */
function chargeAnew(usage: Usage, { price }: PlannedEndpoint, markupBps: number) {
  try {
    return chargeOf(usage, price, markupBps);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
