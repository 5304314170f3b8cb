import type { PriceVersion } from "@aggregator/contracts/prices";
import type { Admitted } from "./admit-candidates.ts";
import type { EffectivePreferences } from "./preferences.ts";

type Compare = (a: Admitted, b: Admitted) => number;

/**
 * The order in which to try one model's endpoints: those of providers in `order` first, as listed; then
 * those that the company's own keys open; the rest by price where `sort` says so, else by priority and then price. Ties are broken by provider and
 * id, so that the order does not depend on how rows came.
 */
export function orderCandidates(
  candidates: readonly Admitted[],
  { order, sort }: Pick<EffectivePreferences, "order" | "sort">,
): readonly Admitted[] {
  const byRank: Compare = (a, b) => rankIn(order, a.provider) - rankIn(order, b.provider);
  const byOwner: Compare = (a, b) => Number(a.owner === "platform") - Number(b.owner === "platform");
  const byPriority: Compare = (a, b) => a.priority - b.priority;
  const byPrice: Compare = (a, b) => blendedPrice(a.price) - blendedPrice(b.price);
  const byName: Compare = (a, b) => compareText(a.provider, b.provider) || compareText(a.endpointId, b.endpointId);
  const rules =
    sort === "price" ? [byRank, byOwner, byPrice, byPriority, byName] : [byRank, byOwner, byPriority, byPrice, byName];
  return [...candidates].sort((a, b) => {
    for (const rule of rules) {
      const difference = rule(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/** One number to compare prices by: three input tokens to one output token, base prices. */
export function blendedPrice({ base }: PriceVersion): number {
  return 3 * (base.input ?? 0) + (base.output ?? 0);
}

function rankIn(order: readonly string[], provider: string): number {
  const rank = order.indexOf(provider);
  return rank === -1 ? order.length : rank;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
