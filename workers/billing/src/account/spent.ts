import type { Budget } from "@aggregator/contracts/actor";
import { periodStartMs } from "../domain/budget-period.ts";
import type { Account } from "./account.ts";

/** What a budget still admits: its amount less posted charges and open holds of the key. May be negative. */
export function budgetLeft(account: Account, keyId: string, budget: Budget): number {
  const held = account.book.perKey.get(keyId)?.heldNanoUsd ?? 0;
  return budget.amountNanoUsd - spentInPeriod(account, keyId, budget.period) - held;
}

/**
 * What a key has spent in the present period of a budget: posted charges, from the usage cells plus
 * the entries that are not in a cell yet. Kept in memory from the first question on.
 */
function spentInPeriod(account: Account, keyId: string, period: Budget["period"]): number {
  const startMs = periodStartMs(period, account.nowMs);
  const name = `${keyId}/${startMs}`;
  const known = account.book.spent.get(name);
  if (known !== undefined) return known;
  const counted = account.sql.first<{ total: number | null }>(
    "SELECT sum(price) AS total FROM cell WHERE key_id = ? AND hour_ms >= ?",
    keyId,
    startMs,
  );
  const uncounted = account.sql.first<{ total: number | null }>(
    "SELECT sum(-amount) AS total FROM entry WHERE seq > ? AND at >= ? AND key_id = ?",
    account.book.exportedSeq,
    startMs,
    keyId,
  );
  const total = (counted?.total ?? 0) + (uncounted?.total ?? 0);
  account.book.spent.set(name, total);
  return total;
}

/** Counts a charge in every budget period of the key that somebody has asked about. */
export function addSpent(account: Account, keyId: string, amountNanoUsd: number): void {
  for (const period of ["day", "month", "lifetime"] as const) {
    const name = `${keyId}/${periodStartMs(period, account.nowMs)}`;
    const known = account.book.spent.get(name);
    if (known !== undefined) account.book.spent.set(name, known + amountNanoUsd);
  }
}
