import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addNanoUsd, isNanoUsd, MAX_NANO_USD } from "../src/nano-usd.ts";

describe("an amount of nano-USD", () => {
  it.each([0, 1, -1, MAX_NANO_USD, -MAX_NANO_USD])("may be %d", (value) => {
    expect(isNanoUsd(value)).toBe(true);
  });

  it.each([
    0.5,
    Number.NaN,
    Infinity,
    -Infinity,
    MAX_NANO_USD + 1,
    -MAX_NANO_USD - 1,
    2 ** 53,
    "1",
    1n,
    null,
    undefined,
  ])("is never %s", (value) => {
    expect(isNanoUsd(value)).toBe(false);
  });
});

describe("a sum of amounts", () => {
  it.each([
    [1, 2, 3],
    [5, -7, -2],
    [MAX_NANO_USD, 0, MAX_NANO_USD],
    [MAX_NANO_USD, -MAX_NANO_USD, 0],
  ])("of %d and %d is %d", (a, b, sum) => {
    expect(addNanoUsd(a, b)).toBe(sum);
  });

  it.each([
    ["over the cap", MAX_NANO_USD, 1],
    ["under the negative cap", -MAX_NANO_USD, -1],
    ["of a fraction", 0.5, 0.5],
    ["of NaN", Number.NaN, 1],
    ["that comes back into range from outside", MAX_NANO_USD + 1, -1],
  ])("%s is refused", (_, a, b) => {
    expect(() => addNanoUsd(a, b)).toThrow(RangeError);
  });

  it("is exact, or refused exactly where it leaves the range", () => {
    const amounts = fc.maxSafeInteger().filter((value) => Math.abs(value) <= MAX_NANO_USD);
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const exact = BigInt(a) + BigInt(b);
        const fits = exact >= BigInt(-MAX_NANO_USD) && exact <= BigInt(MAX_NANO_USD);
        const sum = fits ? BigInt(addNanoUsd(a, b)) : undefined;
        expect(sum).toBe(fits ? exact : undefined);
        expect(fits || isRefused(() => addNanoUsd(a, b))).toBe(true);
      }),
    );
  });
});

function isRefused(add: () => number): boolean {
  try {
    add();
    return false;
  } catch (error) {
    return error instanceof RangeError;
  }
}
