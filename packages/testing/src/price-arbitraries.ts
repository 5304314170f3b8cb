import { PRICE_NAMES, type PriceTable, type PriceVersion } from "@aggregator/contracts/prices";
import { PIECE_CLASSES, TOKEN_CLASSES, type Usage } from "@aggregator/contracts/usage";
import * as fc from "fast-check";

/** Up to 1,000 USD per million tokens or per piece: dearer than anything that is sold. */
const price = fc.integer({ min: 0, max: 1_000_000_000_000 });
const optional = (arbitrary: fc.Arbitrary<number>, names: readonly string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, arbitrary])), { requiredKeys: [] });

/** A table with `input` and `output` and any of the other classes. */
const table: fc.Arbitrary<PriceTable> = fc
  .tuple(optional(price, PRICE_NAMES), price, price)
  .map(([others, input, output]) => ({ ...others, input, output }));

/** One version of an endpoint's prices: a priced base table and up to three ascending tiers, each with or without a minimum. */
export const priceVersions: fc.Arbitrary<PriceVersion> = fc.record({
  id: fc.constant("price-1"),
  base: table,
  tiers: fc
    .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 400_000 }), optional(price, [...TOKEN_CLASSES, "minimum"])), {
      maxLength: 3,
      selector: ([above]) => above,
    })
    .map((tiers) =>
      tiers.toSorted(([a], [b]) => a - b).map(([aboveInputTokens, prices]) => ({ aboveInputTokens, prices })),
    ),
});

/** Usage in any classes, up to 300,000 tokens and 1,000 pieces of each: within the range of a charge at any of these prices. */
export const usages: fc.Arbitrary<Usage> = fc
  .tuple(
    optional(fc.integer({ min: 0, max: 300_000 }), TOKEN_CLASSES),
    optional(fc.integer({ min: 0, max: 1_000 }), PIECE_CLASSES),
  )
  .map(([tokens, pieces]) => ({ ...tokens, ...pieces }));
