/**
 * The highest integer nano-USD within a limit in USD as a client states it, a number or a decimal string.
 * A price is whole nano-USD, so what is beyond nine decimals never decides. Infinity for what is beyond
 * the range of prices; null for no limit.
 */
export function nanoUsdLimit(limit: number | string | undefined): number | null {
  if (limit === undefined) return null;
  const text = typeof limit === "number" ? plainDecimal(limit) : limit;
  const [whole = "", fraction = ""] = text.split(".");
  const nanoUsd = BigInt(whole) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
  return nanoUsd > BigInt(Number.MAX_SAFE_INTEGER) ? Infinity : Number(nanoUsd);
}

/** A number ≥ 0 without an exponent: 1e-7 as 0.0000001. Of doubles this small or large nothing is lost that matters. */
function plainDecimal(value: number): string {
  if (value >= 1e15) return "1000000000000000";
  const text = String(value);
  return text.includes("e") ? value.toFixed(20) : text;
}
