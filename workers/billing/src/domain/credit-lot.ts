/** What is left of a credit that expires. */
export interface CreditLot {
  /** Position of the entry that granted it: only later charges are paid from it. */
  readonly seq: number;
  readonly expiresAtMs: number;
  readonly leftNanoUsd: number;
}

export interface LotCharge {
  readonly seq: number;
  /** Positive. */
  readonly amountNanoUsd: number;
}

/** In the order in which they are spent: what expires soonest first. */
export function soonestFirst(lots: readonly CreditLot[]): CreditLot[] {
  return lots.toSorted((a, b) => a.expiresAtMs - b.expiresAtMs || a.seq - b.seq);
}

/** The lots, soonest first, after charges were paid from them. What no lot covers came from other money. */
export function spendLots(lots: readonly CreditLot[], charges: Iterable<LotCharge>): CreditLot[] {
  const left = soonestFirst(lots);
  for (const { seq, amountNanoUsd } of charges) {
    let owed = amountNanoUsd;
    for (const [index, lot] of left.entries()) {
      if (owed === 0) break;
      if (lot.seq >= seq) continue;
      const paid = Math.min(owed, lot.leftNanoUsd);
      left[index] = { ...lot, leftNanoUsd: lot.leftNanoUsd - paid };
      owed -= paid;
    }
  }
  return left;
}

export interface Lapse {
  readonly lot: CreditLot;
  /** Taken from the balance now. */
  readonly expiredNanoUsd: number;
  /** Not yet: running requests hold it and may still be charged for it. */
  readonly keptNanoUsd: number;
}

/**
 * What becomes of the lots whose time is over. What running requests hold stays until they end, for it was
 * promised to them; money that was taken back (a refund, a dispute) cannot expire as well.
 */
export function lapseLots(
  lots: readonly CreditLot[],
  account: { readonly nowMs: number; readonly balanceNanoUsd: number; readonly heldNanoUsd: number },
): Lapse[] {
  let held = account.heldNanoUsd;
  let balance = Math.max(0, account.balanceNanoUsd);
  return soonestFirst(lots)
    .filter(({ expiresAtMs }) => expiresAtMs <= account.nowMs)
    .map((lot) => {
      const there = Math.min(lot.leftNanoUsd, balance);
      const keptNanoUsd = Math.min(there, held);
      held -= keptNanoUsd;
      balance -= there;
      return { lot, expiredNanoUsd: there - keptNanoUsd, keptNanoUsd };
    });
}
