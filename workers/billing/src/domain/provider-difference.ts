const BPS = 10_000;
/** Providers bill in cents; a difference below one says nothing. */
const CENT_NANO_USD = 10_000_000;

/**
 * Whether a provider's report differs from the ledgers by more than it may: a cent, or this share of the larger.
 * A request is in the day in which it ended here and in which it began there, and reports are rounded.
 */
export function isDifferent(ledgerNanoUsd: number, providerNanoUsd: number, toleranceBps: number): boolean {
  const larger = Math.max(Math.abs(ledgerNanoUsd), Math.abs(providerNanoUsd));
  const allowed = Math.max(CENT_NANO_USD, Math.floor((larger / BPS) * toleranceBps));
  return Math.abs(ledgerNanoUsd - providerNanoUsd) > allowed;
}
