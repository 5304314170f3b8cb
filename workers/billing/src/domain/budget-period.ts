import type { Budget } from "@aggregator/contracts/actor";

/** Start (ms, UTC) of the budget period that contains `nowMs`; 0 for a lifetime budget. */
export function periodStartMs(period: Budget["period"], nowMs: number): number {
  const now = new Date(nowMs);
  switch (period) {
    case "day":
      return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
    case "month":
      return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
    case "lifetime":
      return 0;
  }
}
