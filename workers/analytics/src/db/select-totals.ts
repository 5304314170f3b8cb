import { sql } from "drizzle-orm";
import type { UsageFilters } from "../domain/usage-query.ts";
import type { UsageSegment } from "../domain/usage-segments.ts";

import { COUNTERS } from "./cell-columns.ts";
import type { Database } from "./client.ts";
import { type UsageScope, usageSource } from "./usage-source.ts";

export type Totals = { readonly [Counter in (typeof COUNTERS)[number]]: number };
export type NamedTotals = Totals & { readonly name: string };

/** Every counter of the segments by model or by provider, dearest first. A catalogue's worth of rows at most. */
export async function selectTotals(
  db: Database,
  by: "model" | "provider",
  source: { readonly scope: UsageScope; readonly segments: readonly UsageSegment[]; readonly filters: UsageFilters },
): Promise<NamedTotals[]> {
  const sums = COUNTERS.map((counter) => `sum(${counter}) AS ${counter}`).join(", ");
  return db.all<NamedTotals>(
    sql`SELECT ${sql.raw(by)} AS name, ${sql.raw(sums)}
      FROM ${usageSource(source.scope, source.segments, source.filters)}
      GROUP BY name ORDER BY price_nano_usd DESC, name`,
  );
}

/** The totals of all rows together. */
export function addTotals(rows: readonly Totals[]): Totals {
  const zero = Object.fromEntries(COUNTERS.map((counter) => [counter, 0])) as Record<keyof Totals, number>;
  for (const row of rows) for (const counter of COUNTERS) zero[counter] += row[counter];
  return zero;
}
