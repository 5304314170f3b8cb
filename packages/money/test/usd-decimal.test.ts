import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_NANO_USD } from "../src/nano-usd.ts";
import { formatPrice, formatUsd, parseUsd } from "../src/usd-decimal.ts";

describe("decimal USD", () => {
  it.each([
    ["0", 0],
    ["1", 1_000_000_000],
    ["2.50", 2_500_000_000],
    ["0.1", 100_000_000],
    ["0.000000001", 1],
    ["007", 7_000_000_000],
    ["8999999.999999999", 8_999_999_999_999_999],
    ["9000000", MAX_NANO_USD],
  ])("%s is %d nano-USD", (text, nanoUsd) => {
    expect(parseUsd(text)).toBe(nanoUsd);
  });

  it.each([
    "",
    " 1",
    "1 ",
    "-1",
    "+1",
    ".5",
    "1.",
    "1e3",
    "0x10",
    "1,000",
    "1.0000000001",
    "9000000.000000001",
    "99999999",
    "NaN",
    "Infinity",
    "١",
    "1\n",
  ])("%j is none", (text) => {
    expect(parseUsd(text)).toBeNull();
  });

  it.each([
    [0, "0.000000000", "0"],
    [1, "0.000000001", "0.000000001"],
    [-1, "-0.000000001", "-0.000000001"],
    [75_000_000, "0.075000000", "0.075"],
    [2_500_000_000, "2.500000000", "2.5"],
    [100_000_000_000, "100.000000000", "100"],
    [-1_000_000_000, "-1.000000000", "-1"],
    [99_123_456_789, "99.123456789", "99.123456789"],
    [MAX_NANO_USD, "9000000.000000000", "9000000"],
  ])("of %d is written %s, as a price %s", (nanoUsd, usd, price) => {
    expect([formatUsd(nanoUsd), formatPrice(nanoUsd)]).toEqual([usd, price]);
  });

  it("is read back as the amount it was written from, in both forms", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_NANO_USD }), (nanoUsd) => {
        expect(parseUsd(formatUsd(nanoUsd))).toBe(nanoUsd);
        expect(parseUsd(formatPrice(nanoUsd))).toBe(nanoUsd);
      }),
      { numRuns: 5_000 },
    );
  });
});
