import { LATENCY_BUCKETS_MS } from "@aggregator/contracts/usage-events";
import { sql } from "drizzle-orm";
import type { UsageFilters } from "../domain/usage-query.ts";
import type { UsageSegment } from "../domain/usage-segments.ts";
import type { HISTOGRAMS } from "./cell-columns.ts";
import type { Database } from "./client.ts";
import { type UsageScope, usageSource } from "./usage-source.ts";

export type HistogramColumn = (typeof HISTOGRAMS)[number];

/** Every provider together, as the name of a group. */
export const ALL_PROVIDERS = "";

/**
 * Sums a histogram over the cells of the segments, by provider or over all (`ALL_PROVIDERS`): one read
 * of each cell.
 */
export async function selectHistograms(
  db: Database,
  column: HistogramColumn,
  by: "provider" | "all",
  source: { readonly scope: UsageScope; readonly segments: readonly UsageSegment[]; readonly filters: UsageFilters },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const group = by === "provider" ? sql`cell.provider` : sql`${ALL_PROVIDERS}`;
  const rows = await db.all<{ name: string; bucket: number; total: number }>(
    sql`SELECT ${group} AS name, bucket.key AS bucket, sum(bucket.value) AS total
      FROM ${usageSource(source.scope, source.segments, source.filters)} AS cell,
        json_each(cell.${sql.raw(column)}) AS bucket
      WHERE bucket.value > 0 GROUP BY name, bucket.key`,
  );
  const histograms = new Map<string, number[]>();
  for (const { name, bucket, total } of rows) {
    const histogram = histograms.get(name) ?? Array.from({ length: LATENCY_BUCKETS_MS.length + 1 }, () => 0);
    histogram[bucket] = total;
    histograms.set(name, histogram);
  }
  return histograms;
}
