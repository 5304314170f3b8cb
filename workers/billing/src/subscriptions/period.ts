const DAY_MS = 86_400_000;

/** Days after the due date on which a failed renewal is tried again; after the last one the company falls back to pay as you go. */
export const RETRY_DAYS = [1, 3, 5, 7] as const;

/** The end of the period that begins at `startMs`: the anchor day of the next month (UTC), or the last day of a shorter one. */
export function periodEndMs(startMs: number, anchorDay: number): number {
  const start = new Date(startMs);
  const year = start.getUTCFullYear();
  const month = start.getUTCMonth() + 1;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const timeOfDay = startMs % DAY_MS;
  return Date.UTC(year, month, Math.min(anchorDay, lastDay)) + timeOfDay;
}

export function anchorDayOf(startMs: number): number {
  return new Date(startMs).getUTCDate();
}

/** When a renewal that has failed `attempts` times is tried again; null: not any more. */
export function retryAtMs(dueMs: number, attempts: number): number | null {
  const days = RETRY_DAYS[attempts - 1];
  return days === undefined ? null : dueMs + days * DAY_MS;
}

export interface Proration {
  /** What the rest of the period costs more, rounded up to whole cents. */
  readonly feeNanoUsd: number;
  /** The additional included credit of the rest, rounded down. */
  readonly creditNanoUsd: number;
}

interface Terms {
  readonly monthlyFeeNanoUsd: number;
  readonly includedCreditNanoUsd: number;
}

const CENT_NANO_USD = 10_000_000n;

/**
 * What changing from one plan to a dearer one costs for the rest of a period, by the millisecond, in
 * integers: the difference of the fees times the share that is left. Never negative: a cheaper plan
 * begins with the next period and gives nothing back.
 */
export function prorate(
  from: Terms,
  to: Terms,
  period: { readonly startMs: number; readonly endMs: number },
  nowMs: number,
): Proration {
  const length = BigInt(period.endMs - period.startMs);
  const left = BigInt(Math.min(Math.max(period.endMs - nowMs, 0), period.endMs - period.startMs));
  const fee = BigInt(Math.max(0, to.monthlyFeeNanoUsd - from.monthlyFeeNanoUsd)) * left;
  const credit = BigInt(Math.max(0, to.includedCreditNanoUsd - from.includedCreditNanoUsd)) * left;
  const cents = divideUp(fee, length * CENT_NANO_USD);
  return { feeNanoUsd: Number(cents * CENT_NANO_USD), creditNanoUsd: Number(credit / length) };
}

function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
