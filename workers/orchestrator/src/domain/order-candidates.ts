import type { PriceVersion } from "@aggregator/contracts/prices";
import type { RoutingStrategy, Spread } from "@aggregator/contracts/routing";
import type { Placement } from "@aggregator/contracts/routing-admin";
import type { Admitted } from "./admit-candidates.ts";
import type { EffectivePreferences } from "./preferences.ts";

type Rule = readonly [Placement, (a: Admitted, b: Admitted) => number];

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
  const strategy = strategyOf(sort, sharing);
  const rules = rulesOf(order, strategy);
  const sorted = [...candidates].sort((a, b) => firstDifference(rules, a, b)?.[1] ?? 0);
  if (!PER_REQUEST.has(strategy)) return sorted;
  const asked = rules.filter(([placement]) => BEFORE_STRATEGY.has(placement));
  let group = firstGroup;
  return sorted.map((candidate, at): Ordered => {
    const before = sorted[at - 1];
    if (before !== undefined && firstDifference(asked, before, candidate) !== null) group += 1;
    return { ...candidate, spread: { group, strategy, isSticky: sharing.isSticky } };
  });
}

/** What put a candidate behind the one that is tried before it; undefined: it is the first. */
export function placementOf(
  before: Ordered | undefined,
  candidate: Ordered,
  { order, sort }: Pick<EffectivePreferences, "order" | "sort">,
  sharing: Sharing,
): Placement {
  if (before === undefined) return "first";
  if (before.model !== candidate.model) return "model";
  if (candidate.spread !== undefined && candidate.spread.group === before.spread?.group) return "strategy";
  return firstDifference(rulesOf(order, strategyOf(sort, sharing)), before, candidate)?.[0] ?? "name";
}

/** The strategy of `sort` where there is one, else the model's. */
export function strategyOf(sort: EffectivePreferences["sort"], sharing: Sharing): RoutingStrategy {
  return sort === null || sort === undefined ? sharing.strategy : SORTS[sort];
}

const SORTS = {
  price: "cheapest",
  latency: "fastest_first_token",
  throughput: "fastest_throughput",
} as const satisfies Readonly<Record<string, RoutingStrategy>>;

/** What was asked for; within it the strategy decides. */
const BEFORE_STRATEGY: ReadonlySet<Placement> = new Set<Placement>(["order", "own_key"]);

/** The comparisons in their turn, by what they are called. */
function rulesOf(order: readonly string[], strategy: RoutingStrategy): readonly Rule[] {
  const byRank: Rule = ["order", (a, b) => rankIn(order, a.provider) - rankIn(order, b.provider)];
  const byOwner: Rule = ["own_key", (a, b) => Number(a.owner === "platform") - Number(b.owner === "platform")];
  const byPriority: Rule = ["priority", (a, b) => a.priority - b.priority];
  const byPrice: Rule = ["price", (a, b) => blendedPrice(a.price) - blendedPrice(b.price)];
  const byName: Rule = [
    "name",
    (a, b) => compareText(a.provider, b.provider) || compareText(a.endpointId, b.endpointId),
  ];
  return strategy === "cheapest"
    ? [byRank, byOwner, byPrice, byPriority, byName]
    : [byRank, byOwner, byPriority, byPrice, byName];
}

/** The first rule by which they differ, and how; null: none. */
function firstDifference(rules: readonly Rule[], a: Admitted, b: Admitted): readonly [Placement, number] | null {
  for (const [placement, compare] of rules) {
    const difference = compare(a, b);
    if (difference !== 0) return [placement, difference];
  }
  return null;
}

/** One number to compare prices by: three input tokens to one output token, base prices. */
function blendedPrice({ base }: PriceVersion): number {
  return 3 * (base.input ?? 0) + (base.output ?? 0);
}

function rankIn(order: readonly string[], provider: string): number {
  const rank = order.indexOf(provider);
  return rank === -1 ? order.length : rank;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
