import type { PriceVersion } from "@aggregator/contracts/prices";
import { PIECE_CLASSES, TOKEN_CLASSES, type Usage } from "@aggregator/contracts/usage";
import { MAX_NANO_USD } from "./nano-usd.ts";
import { countInputTokens, priceOfClass, selectPriceTable } from "./resolve-price.ts";

const UNITS_PER_PRICE = 1_000_000n;
const BPS = 10_000n;

export interface Charge {
  /** What the provider takes of the platform. */
  readonly costNanoUsd: number;
  /** What the company pays. */
  readonly priceNanoUsd: number;
  /** Present where the usage came to less than the minimum, which is what is charged then. */
  readonly minimumApplied?: true;
}

/**
 * Charge of one request: all classes are summed exactly, markup included, then divided and rounded
 * up once, so the error is below 1 nano-USD per request and never in the customer's disfavour twice.
 * Usage that counts its request comes to the minimum where it comes to less; parts of a request have none.
 * Where the version has a fee, that share is the price, markup included, and the cost is nothing.
 * `usage` holds whole units of disjoint classes; absent classes count nothing. Throws RangeError for
 * a class that has no price or a count or amount out of range: callers refuse such models before.
 */
export function chargeOf(usage: Usage, version: PriceVersion, markupBps = 0): Charge {
  const table = selectPriceTable(version, countInputTokens(usage));
  let perMillion = 0n;
  for (const name of TOKEN_CLASSES) {
    const units = usage[name];
    if (isUsed(units)) perMillion += product(units, priceOfClass(table, name), name);
  }
  for (const name of PIECE_CLASSES) {
    const units = usage[name];
    if (isUsed(units)) perMillion += product(units, priceOfClass(table, name), name) * UNITS_PER_PRICE;
  }
  const least = isUsed(usage.request) ? product(usage.request, table.minimum ?? 0, "minimum") * UNITS_PER_PRICE : 0n;
  const applied = perMillion < least ? { minimumApplied: true as const } : {};
  if (perMillion < least) perMillion = least;
  const factor = markupFactor(markupBps);
  if (version.feeBps !== undefined) {
    const fee = perMillion * feeFactor(version.feeBps) * factor;
    return { costNanoUsd: 0, priceNanoUsd: divideUp(fee, UNITS_PER_PRICE * BPS * BPS), ...applied };
  }
  const costNanoUsd = divideUp(perMillion, UNITS_PER_PRICE);
  return {
    costNanoUsd,
    priceNanoUsd: factor === BPS ? costNanoUsd : divideUp(perMillion * factor, UNITS_PER_PRICE * BPS),
    ...applied,
  };
}

/** `amount` with markup, rounded up; for holds, which need only be a bound. Throws RangeError as `chargeOf` does. */
export function withMarkup(amountNanoUsd: number, markupBps: number): number {
  if (!isCount(amountNanoUsd)) throw new RangeError("the amount is not a whole number of nano-USD");
  return divideUp(BigInt(amountNanoUsd) * markupFactor(markupBps), BPS);
}

/** A share of an amount, rounded up; for holds. Throws RangeError as `chargeOf` does. */
export function shareOf(amountNanoUsd: number, shareBps: number): number {
  if (!isCount(amountNanoUsd)) throw new RangeError("the amount is not a whole number of nano-USD");
  return divideUp(BigInt(amountNanoUsd) * feeFactor(shareBps), BPS);
}

/** Markup in units of 1/BPS. A negative one would sell below cost, and far enough pay the customer. */
function markupFactor(markupBps: number): bigint {
  if (!isCount(markupBps)) throw new RangeError("the markup is not a whole number of basis points");
  return BPS + BigInt(markupBps);
}

/** Most classes of most requests are absent: they cost no arithmetic. */
function isUsed(units: number | undefined): units is number {
  return units !== undefined && units !== 0;
}

/** A fee in units of 1/BPS. More than the whole would make one's own key dearer than the platform's. */
function feeFactor(feeBps: number): bigint {
  if (!isCount(feeBps) || BigInt(feeBps) > BPS) throw new RangeError("the fee is not 0 to 10000 basis points");
  return BigInt(feeBps);
}

function product(units: number, price: number | null, name: string): bigint {
  if (!isCount(units)) throw new RangeError(`usage of ${name} is not a whole count`);
  if (price === null) throw new RangeError(`${name} has no price`);
  if (!isCount(price)) throw new RangeError(`the price of ${name} is not a whole number of nano-USD`);
  return BigInt(units) * BigInt(price);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function divideUp(numerator: bigint, denominator: bigint): number {
  const amount = (numerator + denominator - 1n) / denominator;
  if (amount > BigInt(MAX_NANO_USD)) throw new RangeError("charge beyond the nano-USD range");
  return Number(amount);
}
