import { describe, expect, it } from "vitest";
import { nanoUsdLimit } from "../src/domain/usd-limit.ts";

describe("a limit in USD", () => {
  it.each<[number | string | undefined, number | null]>([
    [undefined, null],
    [0, 0],
    ["0", 0],
    [1, 1_000_000_000],
    ["2.5", 2_500_000_000],
    [0.1, 100_000_000],
    [0.000000001, 1],
    ["0.0000000019", 1],
    [1e-7, 100],
    [1e-300, 0],
    ["9007199.254740991", 9_007_199_254_740_991],
    ["9007199.254740992", Infinity],
    [1e300, Infinity],
    ["99999999999999999999999999", Infinity],
  ])("%j is %j nano-USD", (limit, expected) => {
    expect(nanoUsdLimit(limit)).toBe(expected);
  });
});
