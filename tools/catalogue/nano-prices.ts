import { PIECE_CLASSES, TOKEN_CLASSES } from "../../packages/contracts/src/usage.ts";
import { parseUsd } from "../../packages/money/src/usd-decimal.ts";
import type { DecimalPrices } from "./convert-prices.ts";

type Table = Readonly<Record<string, unknown>>;

/** Prices as the columns `base` and `tiers` hold them: JSON of integer nano-USD, classes in one fixed order. */
export function nanoPrices(prices: DecimalPrices): { readonly base: string; readonly tiers: string } {
  const tiers = (prices.tiers ?? []).map((tier) => ({
    aboveInputTokens: tier.above_input_tokens,
    prices: nanoTable(tier.prices),
  }));
  return { base: JSON.stringify(nanoTable(prices)), tiers: JSON.stringify(tiers) };
}

/** Throws for a price that is no decimal: the book then says something that the platform cannot charge. */
function nanoTable(prices: Table): Readonly<Record<string, number>> {
  const table: Record<string, number> = {};
  for (const name of [...TOKEN_CLASSES, ...PIECE_CLASSES]) {
    const text = prices[name];
    if (text === undefined) continue;
    const nanoUsd = typeof text === "string" ? parseUsd(text) : null;
    if (nanoUsd === null) throw new Error(`the price book's ${name} is not a price: ${JSON.stringify(text)}`);
    table[name] = nanoUsd;
  }
  return table;
}
