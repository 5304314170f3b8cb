import { PRICE_PARENTS, type PriceTable, type PriceVersion } from "@aggregator/contracts/prices";
import { type TokenClass, type Usage, type UsageClass } from "@aggregator/contracts/usage";

const INPUT_CLASSES = [
  "input",
  "cached_input",
  "cache_write",
  "cache_write_5m",
  "cache_write_1h",
  "input_audio",
  "cached_input_audio",
  "input_image",
] as const satisfies readonly TokenClass[];

/** All input tokens, cached ones counted: what chooses the tier. */
export function countInputTokens(usage: Usage): number {
  return INPUT_CLASSES.reduce((sum, name) => sum + (usage[name] ?? 0), 0);
}

/** True when both `input` and `output` have a price: without them a model is refused. */
export function isPriced(table: PriceTable): boolean {
  return table.input !== undefined && table.output !== undefined;
}

/** The table that prices a whole request with this many input tokens: the highest tier it exceeds, over the base. */
export function selectPriceTable(version: PriceVersion, inputTokens: number): PriceTable {
  let table = version.base;
  for (const tier of version.tiers) {
    if (inputTokens > tier.aboveInputTokens) table = { ...version.base, ...tier.prices };
  }
  return table;
}

/**
 * The price of one class, its parent's where it has none; a piece class without a price costs
 * nothing by itself (its tokens are what is billed). null: no price anywhere on the way up.
 */
export function priceOfClass(table: PriceTable, name: UsageClass): number | null {
  if (name === "request" || name === "image" || name === "audio_second") return table[name] ?? 0;
  let current: TokenClass | undefined = name;
  while (current !== undefined) {
    const price = table[current];
    if (price !== undefined) return price;
    current = PRICE_PARENTS[current];
  }
  return null;
}
