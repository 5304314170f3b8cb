import type { PriceTable, PriceVersion } from "@aggregator/contracts/prices";
import type { Usage } from "@aggregator/contracts/usage";
import { priceVersions, usages } from "@aggregator/testing/price-arbitraries";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chargeOf, shareOf, withMarkup } from "../src/charge.ts";
import { MAX_NANO_USD } from "../src/nano-usd.ts";
import { oracleCharge } from "./oracle.ts";

const USD = 1_000_000_000;

function version(base: PriceTable, tiers: PriceVersion["tiers"] = []): PriceVersion {
  return { id: "price-1", base, tiers };
}

/** 2.50 and 10 USD per million tokens, 0.25 for cached ones. */
const PRICES = version({ input: 2.5 * USD, cached_input: USD / 4, output: 10 * USD });

describe("the charge of a request", () => {
  it.each<[string, Usage, PriceVersion, number]>([
    ["nothing for nothing", {}, PRICES, 0],
    ["tokens × price", { input: 1_000, output: 100 }, PRICES, 2_500_000 + 1_000_000],
    ["one token to the nano", { input: 1 }, PRICES, 2_500],
    ["cached tokens at their own price, once", { input: 600, cached_input: 400 }, PRICES, 1_500_000 + 100_000],
    ["a fraction of a nano rounded up", { input: 1 }, version({ input: 1, output: 0 }), 1],
    ["fractions of several classes rounded once", { input: 1, output: 1 }, version({ input: 1, output: 1 }), 1],
    ["exactly a nano, not two", { input: 1_000_000 }, version({ input: 1, output: 0 }), 1],
    ["reasoning as output where it has no price", { reasoning: 10 }, PRICES, 100_000],
    ["reasoning at its own price", { reasoning: 10 }, version({ input: 0, output: 0, reasoning: 3 * USD }), 30_000],
    ["a request by the piece", { request: 1 }, version({ input: 0, output: 0, request: 5_000_000 }), 5_000_000],
    ["images by the piece, and nothing without a price for them", { image: 3 }, PRICES, 0],
    ["seconds of audio", { audio_second: 7 }, version({ input: 0, output: 0, audio_second: 100_000 }), 700_000],
    ["a free model", { input: 5_000, output: 5_000 }, version({ input: 0, output: 0 }), 0],
  ])("is %s", (_, usage, prices, expected) => {
    expect(chargeOf(usage, prices)).toEqual({ costNanoUsd: expected, priceNanoUsd: expected });
  });

  it.each<[string, Usage, number]>([
    ["at the threshold by the base", { input: 200_000 }, 200_000 * 1_000],
    ["above it as a whole by the tier", { input: 200_001 }, 200_001 * 2_000],
    [
      "counting cached tokens for the threshold",
      { input: 100_001, cached_input: 100_000 },
      100_001 * 2_000 + 10_000_000,
    ],
    ["with the base price of a class the tier does not name", { input: 200_001, output: 1 }, 200_001 * 2_000 + 5_000],
    ["above two thresholds by the higher", { input: 500_001 }, 500_001 * 3_000],
  ])("is tiered: %s", (_, usage, expected) => {
    const tiers = [
      { aboveInputTokens: 200_000, prices: { input: 2 * USD } },
      { aboveInputTokens: 500_000, prices: { input: 3 * USD } },
    ];
    const prices = version({ input: USD, cached_input: USD / 10, output: 5 * USD }, tiers);
    expect(chargeOf(usage, prices).costNanoUsd).toBe(expected);
  });

  it.each([
    [0, 2_500],
    [1, 2_501],
    [2_000, 3_000],
    [10_000, 5_000],
  ])("records cost and, with a markup of %d basis points, the price", (markupBps, priceNanoUsd) => {
    expect(chargeOf({ input: 1 }, PRICES, markupBps)).toEqual({ costNanoUsd: 2_500, priceNanoUsd });
  });

  it("rounds cost and price once each, from the exact sum", () => {
    // 0.4 nano of cost; with 100 % on top 0.8 nano: both are 1, not 1 and 2.
    const prices = version({ input: 400_000, output: 0 });
    expect(chargeOf({ input: 1 }, prices, 10_000)).toEqual({ costNanoUsd: 1, priceNanoUsd: 1 });
  });
});

describe("the minimum of a request", () => {
  const least = version({ input: USD, output: 2 * USD, minimum: 50_000 }, [
    { aboveInputTokens: 100, prices: { minimum: 300_000 } },
  ]);

  it.each<[string, Usage, PriceVersion, number, number, number]>([
    ["is charged where the usage comes to less", { request: 1, input: 10 }, least, 0, 50_000, 50_000],
    ["is nothing on top of what comes to as much", { request: 1, input: 50 }, least, 0, 50_000, 50_000],
    ["is nothing where the usage comes to more", { request: 1, input: 60 }, least, 0, 60_000, 60_000],
    [
      "counts a price per request",
      { request: 1, input: 10 },
      version({ ...least.base, request: 45_000 }),
      0,
      55_000,
      55_000,
    ],
    ["is the tier's for a request of its size", { request: 1, input: 101 }, least, 0, 300_000, 300_000],
    ["has the markup on it", { request: 1 }, least, 2_000, 50_000, 60_000],
    ["has the fee of the company's own key on it", { request: 1 }, { ...least, feeBps: 500 }, 2_000, 0, 3_000],
    ["is none of a part of a request: what a stretch of output adds", { output: 10 }, least, 0, 20_000, 20_000],
    ["is none of what is free", {}, least, 0, 0, 0],
  ])("%s", (_, usage, prices, markupBps, costNanoUsd, priceNanoUsd) => {
    expect(chargeOf(usage, prices, markupBps)).toMatchObject({ costNanoUsd, priceNanoUsd });
  });

  it("is said where it was charged, and only there", () => {
    expect(chargeOf({ request: 1, input: 10 }, least)).toMatchObject({ minimumApplied: true });
    expect(chargeOf({ request: 1, input: 50 }, least)).not.toHaveProperty("minimumApplied");
    expect(chargeOf({ output: 1 }, least)).not.toHaveProperty("minimumApplied");
  });

  it.each([-1, 0.5, Number.NaN])("of %d is a defect", (minimum) => {
    expect(() => chargeOf({ request: 1 }, version({ ...least.base, minimum }))).toThrow(
      "price of minimum is not a whole",
    );
  });
});

describe("a charge is refused", () => {
  it.each<[string, Usage, PriceVersion, number, string]>([
    ["a negative count", { input: -1 }, PRICES, 0, "usage of input is not a whole count"],
    ["a fraction of a token", { output: 0.5 }, PRICES, 0, "usage of output is not a whole count"],
    ["NaN tokens", { reasoning: Number.NaN }, PRICES, 0, "usage of reasoning is not a whole count"],
    ["infinitely many tokens", { input: Infinity }, PRICES, 0, "usage of input is not a whole count"],
    ["a count beyond the safe integers", { input: 2 ** 53 }, PRICES, 0, "usage of input is not a whole count"],
    ["negative pieces", { image: -1 }, PRICES, 0, "usage of image is not a whole count"],
    ["a class without a price", { output: 1 }, version({ input: 1 }), 0, "output has no price"],
    ["a negative price", { input: 1 }, version({ input: -1, output: 0 }), 0, "price of input is not a whole"],
    ["a fractional price", { input: 1 }, version({ input: 0.5, output: 0 }), 0, "price of input is not a whole"],
    [
      "a price that is NaN",
      { input: 1 },
      version({ input: Number.NaN, output: 0 }),
      0,
      "price of input is not a whole",
    ],
    ["a negative markup", { input: 1 }, PRICES, -1, "markup is not a whole"],
    ["a fractional markup", { input: 1 }, PRICES, 0.5, "markup is not a whole"],
    [
      "more than the cap",
      { input: 9_000_000_001 },
      version({ input: 1e12, output: 0 }),
      0,
      "beyond the nano-USD range",
    ],
    [
      "more than the cap by its markup",
      { input: 9e9 },
      version({ input: 1e12, output: 0 }),
      1,
      "beyond the nano-USD range",
    ],
  ])("for %s", (_, usage, prices, markupBps, message) => {
    expect(() => chargeOf(usage, prices, markupBps)).toThrow(message);
    expect(() => chargeOf(usage, prices, markupBps)).toThrow(RangeError);
  });

  it("not at the cap itself", () => {
    const { costNanoUsd } = chargeOf({ input: 9e9 }, version({ input: 1e12, output: 0 }));
    expect(costNanoUsd).toBe(MAX_NANO_USD);
  });
});

describe("a markup on an amount", () => {
  it.each([
    [0, 5_000, 0],
    [1, 0, 1],
    [1, 1, 2],
    [3, 5_000, 5],
    [1_000_000, 250, 1_025_000],
  ])("of %d by %d basis points rounds up to %d", (amount, markupBps, expected) => {
    expect(withMarkup(amount, markupBps)).toBe(expected);
  });

  it.each([
    [-1, 0],
    [0.5, 0],
    [Number.NaN, 0],
    [1, -1],
    [MAX_NANO_USD, 1],
  ])("of %d by %d is refused", (amount, markupBps) => {
    expect(() => withMarkup(amount, markupBps)).toThrow(RangeError);
  });
});

describe("a share of an amount", () => {
  it.each([
    [0, 10_000, 0],
    [20_000, 10_000, 20_000],
    [20_000, 0, 0],
    [1, 1, 1],
    [20_001, 5_000, 10_001],
  ])("of %d by %d basis points rounds up to %d", (amount, shareBps, expected) => {
    expect(shareOf(amount, shareBps)).toBe(expected);
  });

  it.each([
    [-1, 1],
    [0.5, 1],
    [1, -1],
    [1, 10_001],
  ])("of %d by %d is refused", (amount, shareBps) => {
    expect(() => shareOf(amount, shareBps)).toThrow(RangeError);
  });
});

describe("for all prices and usages, the charge", () => {
  const markups = fc.integer({ min: 0, max: 10_000 });

  it("equals the exact one", () => {
    fc.assert(
      fc.property(usages, priceVersions, markups, (usage, prices, markupBps) => {
        const { costNanoUsd, priceNanoUsd } = chargeOf(usage, prices, markupBps);
        const exact = oracleCharge(usage, prices, markupBps);
        expect({ costNanoUsd: BigInt(costNanoUsd), priceNanoUsd: BigInt(priceNanoUsd) }).toEqual(exact);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is a whole amount in range, and the price no less than the cost", () => {
    fc.assert(
      fc.property(usages, priceVersions, markups, (usage, prices, markupBps) => {
        const { costNanoUsd, priceNanoUsd } = chargeOf(usage, prices, markupBps);
        expect(Number.isSafeInteger(priceNanoUsd) && costNanoUsd >= 0 && priceNanoUsd >= costNanoUsd).toBe(true);
        expect(priceNanoUsd).toBeLessThanOrEqual(withMarkup(costNanoUsd, markupBps));
      }),
    );
  });

  it("of a request is at most one nano below its parts charged apart, per part", () => {
    fc.assert(
      fc.property(usages, priceVersions, (usage, { id, base }) => {
        const flat = { id, base: { ...base, minimum: 0 }, tiers: [] };
        const parts = Object.entries(usage).map(([name, units]) => chargeOf({ [name]: units }, flat).costNanoUsd);
        const apart = parts.reduce((sum, part) => sum + part, 0);
        const together = chargeOf(usage, flat).costNanoUsd;
        expect(together).toBeLessThanOrEqual(apart);
        expect(together).toBeGreaterThanOrEqual(apart - parts.length);
      }),
    );
  });
});

describe("the fee for a company's own credential", () => {
  const usage = { input: 1_000, cached_input: 400, output: 100 };
  /** What the usage costs: 2,500,000 + 100,000 + 1,000,000 nano-USD. */
  const COST = 3_600_000;

  it.each<[string, Usage, PriceTable, number, number, number]>([
    ["5 % of what it would have cost", usage, PRICES.base, 500, 0, COST / 20],
    ["nothing at 0", usage, PRICES.base, 0, 0, 0],
    ["the whole at 10000", usage, PRICES.base, 10_000, 0, COST],
    ["with the plan's markup on it", usage, PRICES.base, 500, 2_000, (COST / 20) * 1.2],
    ["rounded up once, from the sum", { input: 1, output: 1 }, { input: USD / 2, output: USD / 2 }, 1, 0, 1],
    ["one basis point of a nano is a nano", { input: 1 }, { input: 1, output: 0 }, 1, 0, 1],
    ["exact where it divides", { input: 10_000 }, { input: USD, output: 0 }, 1, 0, 1_000],
    ["nothing of a free model", usage, { input: 0, output: 0 }, 500, 0, 0],
  ])("is %s", (_, tokens, base, feeBps, markupBps, expected) => {
    const prices: PriceVersion = { ...version(base), feeBps };
    expect(chargeOf(tokens, prices, markupBps)).toEqual({ costNanoUsd: 0, priceNanoUsd: expected });
  });

  it.each([-1, 0.5, 10_001, Number.NaN, Infinity])("of %j basis points is a defect", (feeBps) => {
    expect(() => chargeOf(usage, { ...PRICES, feeBps })).toThrow(RangeError);
  });

  it("is never more than the tokens themselves, and off by less than a nano", () => {
    fc.assert(
      fc.property(usages, priceVersions, fc.integer({ min: 0, max: 10_000 }), (tokens, prices, feeBps) => {
        const { costNanoUsd: whole } = chargeOf(tokens, prices);
        const fee = chargeOf(tokens, { ...prices, feeBps }).priceNanoUsd;
        expect(fee).toBeLessThanOrEqual(whole);
        const exact = BigInt(whole) * BigInt(feeBps);
        expect(BigInt(fee) * 10_000n).toBeGreaterThanOrEqual(exact - BigInt(feeBps));
        expect(BigInt(fee) * 10_000n).toBeLessThan(exact + 10_000n);
      }),
    );
  });
});
