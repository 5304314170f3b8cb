import { defectFields } from "@aggregator/runtime/log";
import { openDatabase } from "../db/client.ts";
import { listActiveCompanies } from "../db/ledger.ts";
import { dayOf } from "../domain/day-total.ts";
import { type Env, paymentConfig } from "../env.ts";
import { compareDay } from "./compare-day.ts";

const DAY_MS = 86_400_000;
/** Companies compared at the same time. */
const AT_ONCE = 10;

/**
 * Compares today and yesterday of every company that was active, by cron each hour. One that cannot be compared
 * does not stop the others. Returns how many days differ.
 */
export async function reconcileLedgers(env: Env, nowMs: number): Promise<number> {
  const db = openDatabase(env.DB);
  const days = [dayOf(nowMs), dayOf(nowMs - DAY_MS)];
  let differences = 0;
  for (let after = ""; ;) {
    const companies = await listActiveCompanies(db, nowMs - 2 * DAY_MS, after, AT_ONCE);
    const last = companies.at(-1);
    if (last === undefined) return differences;
    const found = await Promise.all(companies.map((companyId) => compareDays(env, companyId, days, nowMs)));
    differences += found.reduce((sum, count) => sum + count, 0);
    after = last;
  }
}

async function compareDays(env: Env, companyId: string, days: readonly string[], nowMs: number): Promise<number> {
  let differences = 0;
  for (const day of days) {
    try {
      if ((await compareDay(env, companyId, day, nowMs)) !== null) differences += 1;
    } catch (error) {
      paymentConfig(env).log.error("ledger.not_compared", { company_id: companyId, ...defectFields(error) });
    }
  }
  return differences;
}
