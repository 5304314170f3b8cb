import { NANO_USD_PER_USD, isNanoUsd } from "./nano-usd.ts";

const DECIMAL_USD = /^(\d{1,7})(?:\.(\d{1,9}))?$/;

/**
 * Integer nano-USD of a plain decimal string such as `"2.50"`: at most nine decimals, no sign, no
 * exponent. null for anything else, also for what exceeds the cap.
 */
export function parseUsd(text: string): number | null {
  const match = DECIMAL_USD.exec(text);
  if (match === null) return null;
  const amount = Number(match[1]) * NANO_USD_PER_USD + Number((match[2] ?? "").padEnd(9, "0"));
  return isNanoUsd(amount) ? amount : null;
}

/** Decimal USD with all nine decimals, `"-0.000000001"` for −1. Exact for every amount in range. */
export function formatUsd(nanoUsd: number): string {
  const digits = Math.abs(nanoUsd).toString().padStart(10, "0");
  return `${nanoUsd < 0 ? "-" : ""}${digits.slice(0, -9)}.${digits.slice(-9)}`;
}

/** As `formatUsd` without trailing zeros, for price lists: `"2.5"`, `"0.075"`. */
export function formatPrice(nanoUsd: number): string {
  return formatUsd(nanoUsd).replace(/\.?0+$/, "");
}
