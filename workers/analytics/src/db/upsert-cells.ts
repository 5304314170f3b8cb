import { lateDays } from "../domain/late-days.ts";
import type { CompanyCell } from "../domain/latest-cells.ts";
import { COUNTERS, HISTOGRAMS, HOURLY_KEY } from "./cell-columns.ts";
import type { Database } from "./client.ts";
import { deriveDayStatements } from "./derive-days.ts";

/** Cells per statement: about 100 kB of JSON, well under D1's 2 MB per value. */
const CELLS_PER_STATEMENT = 200;

/**
 * Stores the state of each cell unless a newer one is known: all or nothing. Repeats, reorderings and
 * late arrivals change nothing. Returns the rows written: one per changed cell, and one per daily cell
 * that a late one changes, since a day that was already derived is derived again in the same commit.
 *
 * One JSON parameter per statement, because D1 allows 100 parameters and a cell has 23 columns.
 */
export async function upsertCells(db: Database, cells: readonly CompanyCell[], nowMs: number): Promise<number> {
  const statements: D1PreparedStatement[] = [];
  for (let start = 0; start < cells.length; start += CELLS_PER_STATEMENT) {
    const rows = cells.slice(start, start + CELLS_PER_STATEMENT).map(rowOf);
    statements.push(db.$client.prepare(UPSERT).bind(JSON.stringify(rows)));
  }
  if (statements.length === 0) return 0;
  for (const [dayMs, companyIds] of lateDays(cells, nowMs)) {
    statements.push(...deriveDayStatements(db, dayMs, companyIds));
  }
  const results = await db.$client.batch(statements);
  return results.reduce((rows, result) => rows + result.meta.rows_written, 0);
}

const COLUMNS = [...HOURLY_KEY, "version", ...COUNTERS, ...HISTOGRAMS] as const;

// A drizzle batch does not take raw statements with parameters, so this one is prepared by hand.
const UPSERT = `INSERT INTO usage_hourly (${COLUMNS.join(", ")})
  SELECT ${COLUMNS.map((_, index) => `json_extract(value, '$[${index}]')`).join(", ")} FROM json_each(?) WHERE true
  ON CONFLICT (${HOURLY_KEY.join(", ")}) DO UPDATE SET
    ${COLUMNS.slice(HOURLY_KEY.length)
      .map((column) => `${column} = excluded.${column}`)
      .join(", ")}
  WHERE excluded.version > usage_hourly.version`;

/** The columns of a cell in order; histograms stay JSON arrays, which json_extract stores as text. */
function rowOf(cell: CompanyCell): unknown[] {
  return COLUMNS.map((column) => (column === "member_id" ? (cell.member_id ?? "") : cell[column]));
}
