import type { Budget } from "@aggregator/contracts/actor";

export interface BudgetPeriod {
  readonly startMs: number;
  /** First ms after it; Infinity for a lifetime budget. */
  readonly endMs: number;
}

/** The budget period (UTC) that contains `nowMs`; from 0 to Infinity for a lifetime budget. */
export function budgetPeriod(period: Budget["period"], nowMs: number): BudgetPeriod {
  const now = new Date(nowMs);
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  switch (period) {
    case "day":
      return { startMs: Date.UTC(year, month, day), endMs: Date.UTC(year, month, day + 1) };
    case "month":
      return { startMs: Date.UTC(year, month, 1), endMs: Date.UTC(year, month + 1, 1) };
    case "lifetime":
      return { startMs: 0, endMs: Infinity };
  }
}

/** Start (ms, UTC) of the budget period that contains `nowMs`; 0 for a lifetime budget. */
export function periodStartMs(period: Budget["period"], nowMs: number): number {
  return budgetPeriod(period, nowMs).startMs;
}
