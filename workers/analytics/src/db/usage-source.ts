import { type SQL, sql } from "drizzle-orm";
import type { UsageFilters } from "../domain/usage-query.ts";
import type { UsageSegment } from "../domain/usage-segments.ts";
import { COUNTERS, HISTOGRAMS } from "./cell-columns.ts";
import { COMPANIES } from "./list-companies.ts";

/** Whose usage: one company's, or all companies' (operators only; has no key, endpoint and member). */
export type UsageScope = { readonly companyId: string } | "platform";

/**
 * The cells of the segments as one table `(company_id, at_ms, key_id, model, provider, endpoint,
 * status, member_id, counters…, histograms…)`, to stand in FROM. Every part is a range of a primary key.
 */
export function usageSource(scope: UsageScope, segments: readonly UsageSegment[], filters: UsageFilters): SQL {
  const parts = segments.map((segment) => sql`SELECT ${columnsOf(scope, segment)} ${rangeOf(scope, segment, filters)}`);
  return sql`(${sql.join(parts, sql` UNION ALL `)})`;
}

function columnsOf(scope: UsageScope, { rollup }: UsageSegment): SQL {
  const at = rollup === "hourly" ? "hour_ms AS at_ms" : "day_ms AS at_ms";
  const dimensions =
    scope === "platform"
      ? ["'' AS key_id", "model", "provider", "'' AS endpoint", "status", "'' AS member_id"]
      : ["key_id", "model", "provider", "endpoint", "status", "member_id"];
  return sql.raw(["company_id", at, ...dimensions, ...COUNTERS, ...HISTOGRAMS].join(", "));
}

function rangeOf(scope: UsageScope, { rollup, fromMs, toMs }: UsageSegment, filters: UsageFilters): SQL {
  const at = sql.raw(rollup === "hourly" ? "hour_ms" : "day_ms");
  const range = sql`${at} >= ${fromMs} AND ${at} < ${toMs}${filtersOf(filters)}`;
  if (scope !== "platform") {
    const table = sql.raw(rollup === "hourly" ? "usage_hourly" : "usage_daily");
    return sql`FROM ${table} WHERE company_id = ${scope.companyId} AND ${range}`;
  }
  if (rollup === "daily") return sql`FROM platform_daily WHERE ${range}`;
  // CROSS JOIN keeps the order: each company's range by its key, never the whole table.
  const companies = sql.raw(COMPANIES.replaceAll("?1", "''"));
  return sql`FROM (WITH ${companies} SELECT id FROM company WHERE id IS NOT NULL) AS company
    CROSS JOIN usage_hourly WHERE company_id = company.id AND ${range}`;
}

/** Column of each filter. A platform's query has no filter by the columns that it lacks: its schema refuses them. */
const FILTERS = [
  ["key", "key_id"],
  ["model", "model"],
  ["provider", "provider"],
  ["endpoint", "endpoint"],
  ["status", "status"],
  ["member", "member_id"],
  ["company", "company_id"],
] as const satisfies readonly (readonly [keyof UsageFilters, string])[];

function filtersOf(filters: UsageFilters): SQL {
  const conditions = FILTERS.flatMap(([name, column]) => {
    const value = filters[name];
    return value === undefined ? [] : [sql` AND ${sql.raw(column)} = ${value}`];
  });
  return sql.join(conditions, sql``);
}
