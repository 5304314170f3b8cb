import type { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { nanoUsdLimit } from "./usd-limit.ts";

/** What request, key and company want, made one. */
export interface EffectivePreferences {
  readonly order: readonly string[];
  /** null: all. */
  readonly only: ReadonlySet<string> | null;
  readonly ignore: ReadonlySet<string>;
  readonly sort: ProviderPreferences["sort"] | null;
  readonly allowFallbacks: boolean;
  /** Nano-USD per million tokens, `request` per piece; null: no limit. */
  readonly maxPrice: PriceLimits;
  readonly denyDataCollection: boolean;
}

export interface PriceLimits {
  readonly prompt: number | null;
  readonly completion: number | null;
  readonly request: number | null;
}

/**
 * Merges preferences, most specific first. Wishes (`order`, `sort`, `allow_fallbacks`) are those of the
 * most specific that has them; bounds (`only`, `ignore`, `max_price`, `data_collection`) all hold, so a
 * request cannot widen what its key or company allows.
 */
export function mergePreferences(levels: readonly ProviderPreferences[]): EffectivePreferences {
  const first = <Name extends keyof ProviderPreferences>(name: Name) =>
    levels.find((level) => level[name] !== undefined)?.[name];
  const limit = (name: keyof PriceLimits) => lowest(levels.map((level) => nanoUsdLimit(level.max_price?.[name])));
  return {
    order: first("order") ?? [],
    only: intersection(levels.flatMap(({ only }) => (only === undefined ? [] : [only]))),
    ignore: new Set(levels.flatMap(({ ignore }) => ignore ?? [])),
    sort: first("sort") ?? null,
    allowFallbacks: first("allow_fallbacks") ?? true,
    maxPrice: { prompt: limit("prompt"), completion: limit("completion"), request: limit("request") },
    denyDataCollection: levels.some((level) => level.data_collection === "deny"),
  };
}

function lowest(limits: readonly (number | null)[]): number | null {
  const present = limits.filter((limit) => limit !== null);
  return present.length === 0 ? null : Math.min(...present);
}

function intersection(lists: readonly (readonly string[])[]): ReadonlySet<string> | null {
  const [first, ...rest] = lists;
  if (first === undefined) return null;
  return new Set(first.filter((slug) => rest.every((list) => list.includes(slug))));
}
