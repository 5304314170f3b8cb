import { PRICE_NAMES, type PricesView, type PriceTable } from "@aggregator/contracts/prices";
import { formatPrice } from "@aggregator/money/usd-decimal";
import type { Prices } from "@aggregator/money/prices-input";
import { isPriced } from "@aggregator/money/resolve-price";

/** Prices that price nothing: what withdrawn prices are. */
export const NO_PRICES: Prices = { base: {}, tiers: [] };

/** Whether two versions say the same, so that writing one over the other would say nothing new. */
export function samePrices(a: Prices, b: Prices): boolean {
  return canonical(a) === canonical(b);
}

/** Decimal strings as the admin API shows them; null when not priced. Exact to the nano-USD. */
export function pricesView({ base, tiers }: Prices): PricesView | null {
  if (!isPriced(base)) return null;
  if (tiers.length === 0) return tableView(base);
  const views = tiers.map((tier) => ({ above_input_tokens: tier.aboveInputTokens, prices: tableView(tier.prices) }));
  return { ...tableView(base), tiers: views };
}

/** One table as decimal strings. */
export function tableView(prices: PriceTable): Readonly<Record<string, string>> {
  return Object.fromEntries(
    PRICE_NAMES.flatMap((name) => {
      const price = prices[name];
      return price === undefined ? [] : [[name, formatPrice(price)]];
    }),
  );
}

function canonical({ base, tiers }: Prices): string {
  return JSON.stringify([tableView(base), tiers.map((tier) => [tier.aboveInputTokens, tableView(tier.prices)])]);
}
