import type { Logger } from "@aggregator/runtime/log";
import type { Database } from "../db/client.ts";
import { deriveDayStatements, dropExpiredHoursStatement } from "../db/derive-days.ts";
import { findEarliestHourMs, listCompanies } from "../db/list-companies.ts";
import {
  companyCursorStatement,
  maintainThrough,
  readRollupState,
  readThrough,
  type RollupState,
} from "../db/rollup-state.ts";
import { DAY_MS, floorTo, HOUR_MS } from "../domain/calendar.ts";

/** Most of what is late has arrived by then; what comes later still is derived again at once. */
const GRACE_MS = HOUR_MS / 2;
const COMPANIES_PER_BATCH = 100;
const MAX_BATCHES_PER_RUN = 100;

export interface RollUp {
  readonly days: number;
  /** False when the run ended for want of time; the next continues where this one stopped. */
  readonly isComplete: boolean;
}

/**
 * Derives the days that have ended from their hours, oldest first, and drops hours past their
 * retention. May be cut off anywhere and run any number of times, also twice at once.
 */
export async function rollUpDays(db: Database, nowMs: number, log: Logger): Promise<RollUp> {
  const closedThroughMs = floorTo(nowMs - GRACE_MS, DAY_MS);
  const state = await readRollupState(db);
  let batches = 0;
  let days = 0;
  let cursor = state.companyCursor;
  for (let dayMs = await firstDay(db, state, closedThroughMs); dayMs < closedThroughMs; dayMs += DAY_MS) {
    await maintainThrough(db, dayMs + DAY_MS);
    for (;;) {
      const companyIds = await listCompanies(db, cursor, COMPANIES_PER_BATCH);
      const last = companyIds.at(-1);
      if (last === undefined) break;
      if (batches === MAX_BATCHES_PER_RUN) return { days, isComplete: false };
      await db.$client.batch([
        ...deriveDayStatements(db, dayMs, companyIds),
        dropExpiredHoursStatement(db, dayMs, companyIds),
        companyCursorStatement(db, last),
      ]);
      batches += 1;
      cursor = last;
    }
    await readThrough(db, dayMs + DAY_MS);
    cursor = "";
    days += 1;
  }
  if (days > 0) log.info("days_rolled_up", { count: days });
  return { days, isComplete: true };
}

/** Where to go on; on the first run, the first day that has any cell. */
async function firstDay(db: Database, state: RollupState, closedThroughMs: number): Promise<number> {
  if (state.readableThroughMs > 0) return state.readableThroughMs;
  // Before looking, so that an older cell that arrives meanwhile derives its day by itself.
  await maintainThrough(db, closedThroughMs);
  const earliestMs = await findEarliestHourMs(db);
  const first = earliestMs === null ? closedThroughMs : Math.min(floorTo(earliestMs, DAY_MS), closedThroughMs);
  await readThrough(db, first);
  return first;
}
