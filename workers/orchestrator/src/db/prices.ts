import { and, desc, eq, lte, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { endpoints } from "./schema/endpoints.ts";
import { prices } from "./schema/prices.ts";

export type PriceRow = typeof prices.$inferSelect;

/** The id of the version that is in force for the endpoint of the outer query: the newest whose time has come. */
export function priceIdInForce(db: Database, nowMs: number) {
  const newest = db
    .select({ id: prices.id })
    .from(prices)
    .where(and(eq(prices.endpointId, endpoints.id), lte(prices.activeFromMs, nowMs)))
    .orderBy(desc(prices.activeFromMs), desc(prices.id))
    .limit(1);
  return sql`(${newest.getSQL()})`;
}

/** Statement: a new version. Those before it stay. */
export function insertPrice(db: Database, row: PriceRow) {
  return db.insert(prices).values(row);
}
