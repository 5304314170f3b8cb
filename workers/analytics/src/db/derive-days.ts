import { DAY_MS, HOURLY_RETENTION_DAYS } from "../domain/calendar.ts";
import { COUNTERS, HISTOGRAMS, HOURLY_KEY } from "./cell-columns.ts";
import type { Database } from "./client.ts";

const DAILY_KEY = HOURLY_KEY.map((column) => (column === "hour_ms" ? "day_ms" : column));
const PLATFORM_KEY = ["day_ms", "company_id", "model", "provider", "status"];

/**
 * Statements that derive one UTC day of some companies again from its hours. They do nothing for a day
 * that is not maintained yet, and replace a cell only by one derived from newer hours, so they may run
 * at any time and in any order. Run them in one batch with the change that made them necessary.
 */
export function deriveDayStatements(db: Database, dayMs: number, companyIds: readonly string[]): D1PreparedStatement[] {
  const companies = JSON.stringify(companyIds);
  return [DERIVE_DAILY, DERIVE_PLATFORM].map((statement) => db.$client.prepare(statement).bind(companies, dayMs));
}

/** Drops the hours that are past the retention when `dayMs` closes, those that came late included; their day stays. */
export function dropExpiredHoursStatement(
  db: Database,
  dayMs: number,
  companyIds: readonly string[],
): D1PreparedStatement {
  return db.$client.prepare(DROP_HOURS).bind(JSON.stringify(companyIds), dayMs - HOURLY_RETENTION_DAYS * DAY_MS);
}

const OF_COMPANIES = "company_id IN (SELECT value FROM json_each(?1))";
const IS_MAINTAINED = "?2 < (SELECT maintained_through_ms FROM rollup_state WHERE id = 1)";

const DERIVE_DAILY = derivation({
  into: "usage_daily",
  key: DAILY_KEY,
  from: "usage_hourly",
  select: DAILY_KEY.map((column) => (column === "day_ms" ? `hour_ms - hour_ms % ${DAY_MS} AS day_ms` : column)),
  where: `${OF_COMPANIES} AND hour_ms >= ?2 AND hour_ms < ?2 + ${DAY_MS} AND ${IS_MAINTAINED}`,
});

const DERIVE_PLATFORM = derivation({
  into: "platform_daily",
  key: PLATFORM_KEY,
  from: "usage_daily",
  select: PLATFORM_KEY,
  where: `${OF_COMPANIES} AND day_ms = ?2 AND ${IS_MAINTAINED}`,
});

const DROP_HOURS = `DELETE FROM usage_hourly WHERE ${OF_COMPANIES} AND hour_ms < ?2 + ${DAY_MS}`;

interface Derivation {
  readonly into: string;
  readonly key: readonly string[];
  readonly from: string;
  readonly select: readonly string[];
  readonly where: string;
}

function derivation({ into, key, from, select, where }: Derivation): string {
  const columns = [...key, "version", ...COUNTERS, ...HISTOGRAMS];
  const sums = ["version", ...COUNTERS].map((column) => `sum(${column}) AS ${column}`);
  const lists = HISTOGRAMS.map((column) => `json_group_array(json(${column})) AS ${column}`);
  return `INSERT INTO ${into} (${columns.join(", ")})
    SELECT ${[...key, "version", ...COUNTERS, ...HISTOGRAMS.map(sumOfHistograms)].join(", ")}
    FROM (SELECT ${[...select, ...sums, ...lists].join(", ")} FROM ${from} WHERE ${where} GROUP BY ${key.join(", ")})
    WHERE true
    ON CONFLICT (${key.join(", ")}) DO UPDATE SET
      ${columns
        .slice(key.length)
        .map((column) => `${column} = excluded.${column}`)
        .join(", ")}
    WHERE excluded.version > ${into}.version`;
}

/** A list of histograms, `[[1,0],[2,5]]`, as the histogram of their sums, `[3,5]`. */
function sumOfHistograms(column: string): string {
  return `(SELECT json_group_array(bucket_sum) FROM (
    SELECT sum(bucket.value) AS bucket_sum
    FROM json_each(${column}) AS one, json_each(one.value) AS bucket
    GROUP BY bucket.key ORDER BY bucket.key))`;
}
