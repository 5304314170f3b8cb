import { NANO_USD_PER_USD, isNanoUsd } from "@aggregator/money/nano-usd";

/**
 * Decimal digits of a currency's minor unit as Stripe counts them, which is not always ISO 4217: `isk`
 * and `ugx` have none any more and are still written with two. A currency that is not here is refused:
 * guessing would be wrong by a factor of 100. https://docs.stripe.com/currencies#zero-decimal
 */
const EXPONENTS: Readonly<Record<string, 0 | 2 | 3>> = {
  ...digits(0, "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"),
  ...digits(2, "aed aud brl cad chf czk dkk eur gbp hkd huf idr ils inr isk mxn myr nok nzd php pln ron sek sgd thb"),
  ...digits(2, "try twd ugx usd zar"),
  ...digits(3, "bhd jod kwd omr tnd"),
};

/** Stripe refuses less by card. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
export const LEAST_CARD_NANO_USD = NANO_USD_PER_USD / 2;

/** `units` of a currency are `nanoUsd`: an exact ratio, stored by an operator. */
export interface FxRate {
  readonly nanoUsd: number;
  readonly units: number;
}

export const USD_RATE: FxRate = { nanoUsd: NANO_USD_PER_USD, units: 1 };

/** Digits of the minor unit; null for a currency that we do not know. Lower-case ISO 4217. */
export function exponentOf(currency: string): number | null {
  return Object.hasOwn(EXPONENTS, currency) ? (EXPONENTS[currency] ?? null) : null;
}

/** What an amount is worth, rounded down once (a credit). null: unknown currency, no whole amount, or out of range. */
export function creditOf(amountMinor: number, currency: string, rate: FxRate): number | null {
  const exponent = exponentOf(currency);
  if (exponent === null || !Number.isSafeInteger(amountMinor) || amountMinor < 0) return null;
  const denominator = BigInt(rate.units) * 10n ** BigInt(exponent);
  const credit = Number((BigInt(amountMinor) * BigInt(rate.nanoUsd)) / denominator);
  return isNanoUsd(credit) ? credit : null;
}

/** Cents of an amount in nano-USD; null when it is not whole cents, which no card can pay. */
export function centsOf(nanoUsd: number): number | null {
  const cents = nanoUsd / (NANO_USD_PER_USD / 100);
  return Number.isSafeInteger(cents) ? cents : null;
}

function digits<Count extends number>(count: Count, currencies: string): Record<string, Count> {
  return Object.fromEntries(currencies.split(" ").map((currency) => [currency, count]));
}
