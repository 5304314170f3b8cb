import { env } from "cloudflare:workers";
import type { SQL } from "drizzle-orm";
import { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";

/** How SQLite goes about a statement: the lines of EXPLAIN QUERY PLAN. */
export async function explain(statement: SQL): Promise<string[]> {
  const { sql, params } = new SQLiteSyncDialect().sqlToQuery(statement);
  const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...params)
    .all<{ detail: string }>();
  return plan.results.map(({ detail }) => detail);
}

/** Rows that a statement reads, as D1 bills them. */
export async function rowsRead(statement: SQL): Promise<number> {
  const { sql, params } = new SQLiteSyncDialect().sqlToQuery(statement);
  const { meta } = await env.DB.prepare(sql)
    .bind(...params)
    .all();
  return meta.rows_read;
}
