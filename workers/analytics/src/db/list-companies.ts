import type { Database } from "./client.ts";

/**
 * All companies with hourly cells, as a recursive table `company(id)`: one seek of the primary key per
 * company, where DISTINCT would read every cell. `?1` is the company to begin after.
 */
export const COMPANIES = `RECURSIVE company(id) AS (
  SELECT (SELECT min(company_id) FROM usage_hourly WHERE company_id > ?1)
  UNION ALL
  SELECT (SELECT min(company_id) FROM usage_hourly WHERE company_id > company.id) FROM company
  WHERE company.id IS NOT NULL
)`;

/** The next `limit` companies after one, in order. */
export async function listCompanies(db: Database, after: string, limit: number): Promise<string[]> {
  const rows = await db.$client
    .prepare(`WITH ${COMPANIES} SELECT id FROM company WHERE id IS NOT NULL LIMIT ?2`)
    .bind(after, limit)
    .all<{ id: string }>();
  return rows.results.map(({ id }) => id);
}

/** The first hour that any company has, null when there is none. */
export async function findEarliestHourMs(db: Database): Promise<number | null> {
  return db.$client
    .prepare(
      `WITH ${COMPANIES} SELECT min((SELECT min(hour_ms) FROM usage_hourly WHERE company_id = company.id)) AS earliest
       FROM company WHERE id IS NOT NULL`,
    )
    .bind("")
    .first<number>("earliest");
}
