import type { PriceVersion } from "@aggregator/contracts/prices";
import type { RoutingStrategy, Spread } from "@aggregator/contracts/routing";
import type { Admitted } from "./admit-candidates.ts";
import type { EffectivePreferences } from "./preferences.ts";

type Compare = (a: Admitted, b: Admitted) => number;

/** A candidate in its place; `spread` where each request decides anew among its neighbours. */
export type Ordered = Admitted & { readonly spread?: Spread };

/** How a model's endpoints share its requests. */
export interface Sharing {
  readonly strategy: RoutingStrategy;
  readonly isSticky: boolean;
}

/** Strategies by which the order is another for each request. */
const PER_REQUEST: ReadonlySet<RoutingStrategy> = new Set<RoutingStrategy>([
  "weighted",
  "fastest_first_token",
  "fastest_throughput",
  "least_loaded",
]);

/**
 * The order in which to try one model's endpoints: those of providers in `order` first, as listed; then
 * those that the company's own keys open; the rest by the strategy: that of `sort` where there is one,
 * else the model's. Strategies that look at each request leave neighbours of one group to the proxy.
 * Ties are broken by provider and id, so that the order does not depend on how rows came.
 */
export function orderCandidates(
  candidates: readonly Admitted[],
  { order, sort }: Pick<EffectivePreferences, "order" | "sort">,
  sharing: Sharing,
  firstGroup: number,
): readonly Ordered[] {
  const strategy = sort === null || sort === undefined ? sharing.strategy : SORTS[sort];
  const byRank: Compare = (a, b) => rankIn(order, a.provider) - rankIn(order, b.provider);
  const byOwner: Compare = (a, b) => Number(a.owner === "platform") - Number(b.owner === "platform");
  const byPriority: Compare = (a, b) => a.priority - b.priority;
  const byPrice: Compare = (a, b) => blendedPrice(a.price) - blendedPrice(b.price);
  const byName: Compare = (a, b) => compareText(a.provider, b.provider) || compareText(a.endpointId, b.endpointId);
  const rules = strategy === "cheapest" ? [byPrice, byPriority, byName] : [byPriority, byPrice, byName];
  const sorted = [...candidates].sort((a, b) => firstDifference([byRank, byOwner, ...rules], a, b));
  if (!PER_REQUEST.has(strategy)) return sorted;
  let group = firstGroup;
  return sorted.map((candidate, at): Ordered => {
    const before = sorted[at - 1];
    if (before !== undefined && firstDifference([byRank, byOwner], before, candidate) !== 0) group += 1;
    return { ...candidate, spread: { group, strategy, isSticky: sharing.isSticky } };
  });
}

const SORTS = {
  price: "cheapest",
  latency: "fastest_first_token",
  throughput: "fastest_throughput",
} as const satisfies Readonly<Record<string, RoutingStrategy>>;

function firstDifference(rules: readonly Compare[], a: Admitted, b: Admitted): number {
  for (const rule of rules) {
    const difference = rule(a, b);
    if (difference !== 0) return difference;
  }
  return 0;
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
