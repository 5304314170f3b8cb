import type { PriceVersion } from "@aggregator/contracts/prices";
import { priceVersions, usages } from "@aggregator/testing/price-arbitraries";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chargeOf } from "../src/charge.ts";
import { countInputTokens } from "../src/resolve-price.ts";
import { type UsageBound, worstCaseNanoUsd } from "../src/worst-case.ts";

const USD = 1_000_000_000;

function version(base: PriceVersion["base"], tiers: PriceVersion["tiers"] = []): PriceVersion {
  return { id: "price", base, tiers };
}

describe("the worst case", () => {
  const plain = { input: USD, output: 2 * USD };

  it.each<[string, UsageBound, PriceVersion, number]>([
    ["is tokens × price", { inputTokens: 1_000, outputTokens: 500 }, version(plain), 1_000_000 + 1_000_000],
    [
      "takes the dearest input class",
      { inputTokens: 10, outputTokens: 0 },
      version({ ...plain, cache_write_1h: 2 * USD }),
      20_000,
    ],
    [
      "takes the dearest output class",
      { inputTokens: 0, outputTokens: 10 },
      version({ ...plain, output_audio: 9 * USD }),
      90_000,
    ],
    [
      "is the fee where the company's own credential pays",
      { inputTokens: 1_000, outputTokens: 500 },
      { ...version(plain), feeBps: 500 },
      100_000,
    ],
    ["counts the request itself", { inputTokens: 0, outputTokens: 0 }, version({ ...plain, request: 5 }), 5],
    [
      "is no less than the minimum, of the dearest tier in reach",
      { inputTokens: 101, outputTokens: 0 },
      version({ ...plain, minimum: 200_000 }, [{ aboveInputTokens: 100, prices: { minimum: 300_000 } }]),
      300_000,
    ],
    [
      "counts pieces",
      { inputTokens: 0, outputTokens: 0, images: 2, audioSeconds: 3 },
      version({ ...plain, image: 7, audio_second: 100 }),
      314,
    ],
    [
      "takes a dearer tier that the input can reach",
      { inputTokens: 101, outputTokens: 0 },
      version(plain, [{ aboveInputTokens: 100, prices: { input: 3 * USD } }]),
      303_000,
    ],
    [
      "leaves out a tier that it cannot reach",
      { inputTokens: 100, outputTokens: 0 },
      version(plain, [{ aboveInputTokens: 100, prices: { input: 3 * USD } }]),
      100_000,
    ],
    [
      "stays with the base where the tier is cheaper: fewer tokens may come",
      { inputTokens: 101, outputTokens: 0 },
      version(plain, [{ aboveInputTokens: 100, prices: { input: 1 } }]),
      101_000,
    ],
  ])("%s", (_, bound, prices, expected) => {
    expect(worstCaseNanoUsd(bound, prices)).toBe(expected);
  });

  it.each([-1, 0.5, Number.NaN, Infinity])("is refused for a bound of %d tokens", (inputTokens) => {
    expect(() => worstCaseNanoUsd({ inputTokens, outputTokens: 0 }, version(plain))).toThrow(RangeError);
  });

  it("is refused beyond the cap, not lowered to it", () => {
    const bound = { inputTokens: 9_000_000_001, outputTokens: 0 };
    expect(() => worstCaseNanoUsd(bound, version({ input: 1e12, output: 0 }))).toThrow(RangeError);
  });

  it("is never below the charge of a usage within the bound: a hold always covers its request", () => {
    const slack = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(usages, priceVersions, slack, (usage, prices, more) => {
        const request = { ...usage, request: Math.min(usage.request ?? 0, 1) };
        const { output = 0, reasoning = 0, output_audio = 0, image = 0, audio_second = 0 } = request;
        const bound = {
          inputTokens: countInputTokens(request) + more,
          outputTokens: output + reasoning + output_audio + more,
          images: image,
          audioSeconds: audio_second,
        };
        expect(worstCaseNanoUsd(bound, prices)).toBeGreaterThanOrEqual(chargeOf(request, prices).costNanoUsd);
      }),
      { numRuns: 2_000 },
    );
  });

  it("does not fall when the bound grows", () => {
    const tokens = fc.integer({ min: 0, max: 500_000 });
    fc.assert(
      fc.property(tokens, tokens, tokens, priceVersions, (inputTokens, outputTokens, more, prices) => {
        const least = worstCaseNanoUsd({ inputTokens, outputTokens }, prices);
        const bigger = { inputTokens: inputTokens + more, outputTokens: outputTokens + more };
        expect(worstCaseNanoUsd(bigger, prices)).toBeGreaterThanOrEqual(least);
      }),
    );
  });
});
