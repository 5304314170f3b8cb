const NANO_PER_USD = 1_000_000_000n;

/**
 * Integer nano-USD as people read it: `$12.34`, and with as many digits as it has below a cent
 * (`$0.000215`), so that a small charge never reads as nothing. Exact: no floating point.
 */
export function formatNanoUsd(nanoUsd: number): string {
  const exact = BigInt(nanoUsd);
  const size = exact < 0n ? -exact : exact;
  const fraction = (size % NANO_PER_USD).toString().padStart(9, "0").replace(/0+$/, "").padEnd(2, "0");
  const whole = (size / NANO_PER_USD).toLocaleString("en-US");
  return `${exact < 0n ? "\u2212" : ""}$${whole}.${fraction}`;
}
