/**
 * Money is integer nano-USD (1 USD = 10⁹). A `NanoUsd` that is stored or sent is a safe integer of at
 * most MAX_NANO_USD; products and sums are BigInt until the one division that makes them an amount.
 */
export const NANO_USD_PER_USD = 1_000_000_000;
export const MAX_NANO_USD = 9_000_000_000_000_000;

/** True for a whole, finite amount within ±MAX_NANO_USD: what may be stored, sent or added. */
export function isNanoUsd(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && Math.abs(value) <= MAX_NANO_USD;
}

/** `a + b` as an amount. Throws RangeError beyond the cap: refuse, never wrap. */
export function addNanoUsd(a: number, b: number): number {
  const sum = a + b;
  if (!isNanoUsd(a) || !isNanoUsd(b) || !isNanoUsd(sum)) {
    throw new RangeError("amount beyond the nano-USD range");
  }
  return sum;
}
