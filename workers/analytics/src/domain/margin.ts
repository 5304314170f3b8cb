import type { MarginView } from "@aggregator/contracts/analytics";

/** What the platform earned: price less cost. Losses are shown beside it, since they are estimates. */
export function marginOf(totals: {
  readonly price_nano_usd: number;
  readonly cost_nano_usd: number;
  readonly loss_nano_usd: number;
}): MarginView {
  return {
    cost_nano_usd: totals.price_nano_usd,
    provider_cost_nano_usd: totals.cost_nano_usd,
    margin_nano_usd: totals.price_nano_usd - totals.cost_nano_usd,
    loss_nano_usd: totals.loss_nano_usd,
  };
}
