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

function filtersOf(filters: UsageFilters): SQL {
  const conditions = [
    filters.key === undefined ? sql`` : sql` AND key_id = ${filters.key}`,
    filters.model === undefined ? sql`` : sql` AND model = ${filters.model}`,
    filters.provider === undefined ? sql`` : sql` AND provider = ${filters.provider}`,
    filters.company === undefined ? sql`` : sql` AND company_id = ${filters.company}`,
  ];
  return sql.join(conditions, sql``);
}
