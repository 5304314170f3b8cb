import { and, eq, gte, lt, type SQL, sql, type SQLWrapper } from "drizzle-orm";
import { DAY_MS, type Grouping, type UsageQuery } from "../domain/usage-query.ts";
import type { Database } from "./client.ts";
import { usageHourly } from "./schema.ts";

/** Totals of one group; `group` in the order of the query's `groupBy`. */
export interface UsageTotals {
  readonly group: readonly (string | number)[];
  readonly requests: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly priceNanoUsd: number;
}

/**
 * Totals of one company by group, ordered by group, one more than `limit` where there are more. Reads
 * the cells of the range by the primary key and nothing else.
 */
export async function selectUsage(db: Database, companyId: string, query: UsageQuery): Promise<UsageTotals[]> {
  const rows = await usageStatement(db, companyId, query);
  return rows.map((row) => ({ ...row, group: [row.group0, row.group1, row.group2].slice(0, query.groupBy.length) }));
}

/** The statement of `selectUsage`, which the tests explain. */
export function usageStatement(db: Database, companyId: string, query: UsageQuery) {
  const columns = query.groupBy.map(columnOf);
  const at = (index: number) => sql<string | number>`${columns[index] ?? sql`0`}`;
  return db
    .select({
      group0: at(0).as("group0"),
      group1: at(1).as("group1"),
      group2: at(2).as("group2"),
      requests: sum(usageHourly.requests),
      errors: sum(usageHourly.errors),
      inputTokens: sum(usageHourly.inputTokens),
      cachedInputTokens: sum(usageHourly.cachedInputTokens),
      outputTokens: sum(usageHourly.outputTokens),
      priceNanoUsd: sum(usageHourly.priceNanoUsd),
    })
    .from(usageHourly)
    .where(
      and(
        eq(usageHourly.companyId, companyId),
        gte(usageHourly.hourMs, startOf(query)),
        lt(usageHourly.hourMs, query.toMs),
        query.filters.key === undefined ? undefined : eq(usageHourly.keyId, query.filters.key),
        query.filters.model === undefined ? undefined : eq(usageHourly.model, query.filters.model),
        query.filters.provider === undefined ? undefined : eq(usageHourly.provider, query.filters.provider),
        query.after === null ? undefined : sql`(${list(columns)}) > (${list(query.after)})`,
      ),
    )
    .groupBy(...columns)
    .orderBy(...columns)
    .limit(query.limit + 1);
}

/** A page that goes on in the middle of a time series does not read the hours before it again. */
function startOf(query: UsageQuery): number {
  const [grouping] = query.groupBy;
  const first = query.after?.[0];
  const isTime = grouping === "hour" || grouping === "day";
  return isTime && typeof first === "number" ? Math.max(query.fromMs, first) : query.fromMs;
}

function columnOf(grouping: Grouping): SQL {
  switch (grouping) {
    case "hour":
      return sql`${usageHourly.hourMs}`;
    case "day":
      return sql`(${usageHourly.hourMs} - ${usageHourly.hourMs} % ${sql.raw(String(DAY_MS))})`;
    case "model":
      return sql`${usageHourly.model}`;
    case "key":
      return sql`${usageHourly.keyId}`;
    case "provider":
      return sql`${usageHourly.provider}`;
    case "endpoint":
      return sql`${usageHourly.endpoint}`;
    case "status":
      return sql`${usageHourly.status}`;
    case "member":
      return sql`${usageHourly.memberId}`;
  }
}

function sum(column: SQLWrapper) {
  return sql<number>`sum(${column})`;
}

function list(parts: readonly (SQL | string | number)[]): SQL {
  return sql.join(
    parts.map((part) => sql`${part}`),
    sql`, `,
  );
}
