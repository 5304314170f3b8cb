import type { PriceTable, PriceVersion } from "@aggregator/contracts/prices";
import { TOKEN_CLASSES, type Usage, type UsageClass } from "@aggregator/contracts/usage";
import { describe, expect, it } from "vitest";
import { countInputTokens, isPriced, priceOfClass, selectPriceTable } from "../src/resolve-price.ts";

describe("the price of a class", () => {
  const base = { input: 100, output: 200 };

  it.each<[UsageClass, PriceTable, number | null]>([
    ["input", base, 100],
    ["cached_input", base, 100],
    ["cached_input", { ...base, cached_input: 0 }, 0],
    ["cache_write", base, 100],
    ["cache_write_5m", { ...base, cache_write: 125 }, 125],
    ["cache_write_1h", { ...base, cache_write: 125 }, 125],
    ["cache_write_1h", { ...base, cache_write: 125, cache_write_1h: 199 }, 199],
    ["cache_write_5m", base, 100],
    ["input_audio", base, 100],
    ["cached_input_audio", { ...base, input_audio: 300 }, 300],
    ["cached_input_audio", { ...base, cached_input: 10 }, 100],
    ["input_image", base, 100],
    ["reasoning", base, 200],
    ["output_audio", base, 200],
    ["output_audio", { ...base, output_audio: 900 }, 900],
    ["request", base, 0],
    ["image", { ...base, image: 7 }, 7],
    ["audio_second", base, 0],
    ["output", { input: 100 }, null],
    ["reasoning", { input: 100 }, null],
    ["cached_input_audio", { output: 1 }, null],
  ])("%s in %j is %s", (name, table, price) => {
    expect(priceOfClass(table, name)).toBe(price);
  });

  it("is never zero for want of one: every token class of a priced table has its parent's", () => {
    expect(TOKEN_CLASSES.filter((name) => (priceOfClass(base, name) ?? 0) < 100)).toEqual([]);
  });
});

describe("a model is priced", () => {
  it.each<[PriceTable, boolean]>([
    [{ input: 1, output: 1 }, true],
    [{ input: 0, output: 0 }, true],
    [{ input: 1 }, false],
    [{ output: 1 }, false],
    [{ cached_input: 1, reasoning: 1, request: 1 }, false],
    [{}, false],
  ])("by %j: %s", (table, expected) => {
    expect(isPriced(table)).toBe(expected);
  });
});

describe("the table of a request", () => {
  const version: PriceVersion = {
    id: "price",
    base: { input: 1, output: 9 },
    tiers: [
      { aboveInputTokens: 10, prices: { input: 2, output: 8 } },
      { aboveInputTokens: 20, prices: { input: 3 } },
    ],
  };

  it.each([
    [0, { input: 1, output: 9 }],
    [10, { input: 1, output: 9 }],
    [11, { input: 2, output: 8 }],
    [20, { input: 2, output: 8 }],
    // A tier stands on the base, not on the tier below it.
    [21, { input: 3, output: 9 }],
  ])("with %d input tokens", (tokens, table) => {
    expect(selectPriceTable(version, tokens)).toEqual(table);
  });

  it.each<[Usage, number]>([
    [{}, 0],
    [{ input: 1, cached_input: 2, cache_write: 4, cache_write_5m: 8, cache_write_1h: 16 }, 31],
    [{ input_audio: 1, cached_input_audio: 2, input_image: 4 }, 7],
    [{ output: 1, reasoning: 2, output_audio: 4, image: 8, request: 16, audio_second: 32 }, 0],
  ])("is chosen by all input of %j: %d", (usage, tokens) => {
    expect(countInputTokens(usage)).toBe(tokens);
  });
});
