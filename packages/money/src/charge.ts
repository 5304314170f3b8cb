import type { PriceVersion } from "@aggregator/contracts/prices";
import { PIECE_CLASSES, TOKEN_CLASSES, type Usage } from "@aggregator/contracts/usage";
import { MAX_NANO_USD } from "./nano-usd.ts";
import { countInputTokens, priceOfClass, selectPriceTable } from "./resolve-price.ts";

const UNITS_PER_PRICE = 1_000_000n;
const BPS = 10_000n;

export interface Charge {
  /** What the provider takes. */
  readonly costNanoUsd: number;
  /** What the company pays. */
  readonly priceNanoUsd: number;
}

/**
 * Charge of one request: all classes are summed exactly, markup included, then divided and rounded
 * up once, so the error is below 1 nano-USD per request and never in the customer's disfavour twice.
 * `usage` holds whole units of disjoint classes; absent classes count nothing. Throws RangeError for
 * a class that has no price or a count or amount out of range: callers refuse such models before.
 */
export function chargeOf(usage: Usage, version: PriceVersion, markupBps = 0): Charge {
  const table = selectPriceTable(version, countInputTokens(usage));
  let perMillion = 0n;
  for (const name of TOKEN_CLASSES) perMillion += product(usage[name], priceOfClass(table, name), name);
  for (const name of PIECE_CLASSES) {
    perMillion += product(usage[name], priceOfClass(table, name), name) * UNITS_PER_PRICE;
  }
  return {
    costNanoUsd: divideUp(perMillion, UNITS_PER_PRICE),
    priceNanoUsd: divideUp(perMillion * (BPS + BigInt(markupBps)), UNITS_PER_PRICE * BPS),
  };
}

/** `amount` with markup, rounded up; for holds, which need only be a bound. */
export function withMarkup(amountNanoUsd: number, markupBps: number): number {
  return divideUp(BigInt(amountNanoUsd) * (BPS + BigInt(markupBps)), BPS);
}

function product(units: number | undefined, price: number | null, name: string): bigint {
  if (units === undefined || units === 0) return 0n;
  if (!Number.isSafeInteger(units) || units < 0) throw new RangeError(`usage of ${name} is not a whole count`);
  if (price === null) throw new RangeError(`${name} has no price`);
  return BigInt(units) * BigInt(price);
}

function divideUp(numerator: bigint, denominator: bigint): number {
  const amount = (numerator + denominator - 1n) / denominator;
  if (amount > BigInt(MAX_NANO_USD)) throw new RangeError("charge beyond the nano-USD range");
  return Number(amount);
}
