import { PRICE_NAMES, type PriceName, type PriceTable, type PriceTier } from "@aggregator/contracts/prices";
import { z } from "zod";
import { parseUsd } from "./usd-decimal.ts";

const MAX_TIERS = 8;

/** USD as a plain decimal string, at most nine decimals; becomes integer nano-USD. */
const Price = z.string('must be a decimal string, such as "2.50"').transform((text, context) => {
  const nanoUsd = parseUsd(text);
  if (nanoUsd !== null) return nanoUsd;
  context.addIssue('must be USD as a plain decimal with at most nine decimals, such as "2.50"');
  return z.NEVER;
});
const table = Object.fromEntries(PRICE_NAMES.map((name) => [name, Price])) as Record<PriceName, typeof Price>;
const Tier = z.strictObject({
  above_input_tokens: z.int().min(1).max(1_000_000_000),
  prices: z.strictObject(table).partial(),
});

/** Prices as the admin API takes them, parsed to integer nano-USD; tiers ascending by size. */
export const PricesInput = z
  .strictObject({ ...table, tiers: z.array(Tier).max(MAX_TIERS) })
  .partial()
  .transform(({ tiers = [], ...base }, context): Prices => {
    const sorted = tiers
      .map((tier) => ({ aboveInputTokens: tier.above_input_tokens, prices: withoutAbsent(tier.prices) }))
      .sort((a, b) => a.aboveInputTokens - b.aboveInputTokens);
    if (new Set(sorted.map((tier) => tier.aboveInputTokens)).size !== sorted.length) {
      context.addIssue({ code: "custom", message: "two tiers begin at the same size", path: ["tiers"] });
    }
    return { base: withoutAbsent(base), tiers: sorted };
  });

/** What one version says. Nano-USD: per million tokens, per piece for `request`, `image`, `audio_second`, per request for `minimum`. */
export interface Prices {
  readonly base: PriceTable;
  readonly tiers: readonly PriceTier[];
}

function withoutAbsent(prices: { readonly [Name in PriceName]?: number | undefined }): PriceTable {
  return Object.fromEntries(Object.entries(prices).filter(([, price]) => price !== undefined));
}
