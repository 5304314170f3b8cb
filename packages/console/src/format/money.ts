const NANO_PER_USD = 1_000_000_000n;

export interface UsdParts {
  /** Sign, dollars and cents: `−$12.34`. */
  readonly cents: string;
  /** The digits below a cent, without zeros at the end; often empty. */
  readonly rest: string;
}

/** Integer nano-USD as people read it, in two parts. Exact: no floating point. */
export function usdParts(nanoUsd: number): UsdParts {
  const exact = BigInt(nanoUsd);
  const size = exact < 0n ? -exact : exact;
  const fraction = (size % NANO_PER_USD).toString().padStart(9, "0");
  const whole = (size / NANO_PER_USD).toLocaleString("en-US");
  const sign = exact < 0n ? "\u2212" : "";
  return { cents: `${sign}$${whole}.${fraction.slice(0, 2)}`, rest: fraction.slice(2).replace(/0+$/, "") };
}

/** The same as one text, with as many digits as it has (`$0.000215`), so that a small charge never reads as nothing. */
export function formatNanoUsd(nanoUsd: number): string {
  const { cents, rest } = usdParts(nanoUsd);
  return cents + rest;
}

/** For the axis of a chart: to three digits, rounded. */
export function formatUsdShort(nanoUsd: number): string {
  const usd = nanoUsd / 1e9;
  if (usd === 0) return "$0";
  if (usd >= 1_000) return `$${Intl.NumberFormat("en-US", { notation: "compact" }).format(usd)}`;
  return `$${usd >= 100 ? usd.toFixed(0) : Number(usd.toPrecision(3)).toLocaleString("en-US", { maximumFractionDigits: 9 })}`;
}

/** What a person typed as USD (`12.50`, `$1,000`) in nano-USD; null when it is no amount. Exact. */
export function parseUsd(text: string): number | null {
  const found = /^\$?((?:\d{1,3}(?:,\d{3})+|\d{1,7}))(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (found === null) return null;
  const whole = BigInt((found[1] ?? "").replaceAll(",", ""));
  const exact = whole * NANO_PER_USD + BigInt((found[2] ?? "").padEnd(9, "0"));
  const nanoUsd = Number(exact);
  return Number.isSafeInteger(nanoUsd) ? nanoUsd : null;
}
