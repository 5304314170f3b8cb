import { type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../domain/calendar.ts";
import type { Grouping, UsageQuery } from "../domain/usage-query.ts";
import type { UsageSegment } from "../domain/usage-segments.ts";
import type { Database } from "./client.ts";
import { type UsageScope, usageSource } from "./usage-source.ts";

/** Totals of one group; `group0…2` in the order of the query's `groupBy`. Money in nano-USD. */
export type UsageTotals = {
  readonly group0: string | number;
  readonly group1: string | number | null;
  readonly group2: string | number | null;
  readonly requests: number;
  readonly errors: number;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly cost_nano_usd: number;
  readonly price_nano_usd: number;
  readonly loss_nano_usd: number;
};

/**
 * Totals by group, ordered by group, one more than `limit` where there are more. Reads the cells of the
 * segments by primary key and nothing else.
 */
export async function selectUsage(
  db: Database,
  scope: UsageScope,
  query: UsageQuery,
  segments: readonly UsageSegment[],
): Promise<UsageTotals[]> {
  return db.all<UsageTotals>(usageStatement(scope, query, segments));
}

/** The statement of `selectUsage`, which the tests explain and count. */
export function usageStatement(scope: UsageScope, query: UsageQuery, segments: readonly UsageSegment[]): SQL {
  const columns = query.groupBy.map((grouping) => sql.raw(COLUMN_OF[grouping]));
  const groups = sql.join(columns, sql`, `);
  const after =
    query.after === null
      ? sql``
      : sql`WHERE (${groups}) > (${sql.join(
          query.after.map((value) => sql`${value}`),
          sql`, `,
        )})`;
  return sql`SELECT ${columns[0] ?? sql`NULL`} AS group0, ${columns[1] ?? sql`NULL`} AS group1,
      ${columns[2] ?? sql`NULL`} AS group2,
      sum(requests) AS requests, sum(errors) AS errors, sum(input_tokens) AS input_tokens,
      sum(cached_input_tokens) AS cached_input_tokens, sum(output_tokens) AS output_tokens,
      sum(cost_nano_usd) AS cost_nano_usd, sum(price_nano_usd) AS price_nano_usd, sum(loss_nano_usd) AS loss_nano_usd
    FROM ${usageSource(scope, segments, query.filters)} ${after}
    GROUP BY ${groups} ORDER BY ${groups} LIMIT ${query.limit + 1}`;
}

const COLUMN_OF: Readonly<Record<Grouping, string>> = {
  hour: "at_ms",
  day: `(at_ms - at_ms % ${DAY_MS})`,
  company: "company_id",
  key: "key_id",
  model: "model",
  provider: "provider",
  endpoint: "endpoint",
  status: "status",
  member: "member_id",
};
