import { and, asc, eq, gt, inArray, isNull } from "drizzle-orm";
import { chunksOf } from "../domain/chunks.ts";
import { type Database, MAX_PARAMETERS } from "./client.ts";
import { priceIdInForce, type PriceRow } from "./prices.ts";
import type { EndpointRow } from "./endpoints.ts";
import { endpoints } from "./schema/endpoints.ts";
import { models } from "./schema/models.ts";
import { prices } from "./schema/prices.ts";

export type ModelRow = typeof models.$inferSelect;

export interface PricedEndpoint {
  readonly endpoint: EndpointRow;
  readonly price: PriceRow | null;
}

export function findModel(db: Database, id: string): Promise<ModelRow | undefined> {
  return db.select().from(models).where(eq(models.id, id)).get();
}

/** Those of these ids (at most 90) that models have. */
export async function selectModelIds(db: Database, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await db
    .select({ id: models.id })
    .from(models)
    .where(inArray(models.id, [...ids]))
    .all();
  return rows.map(({ id }) => id);
}

/** Models by id, from after `afterId` on. */
export function selectModels(db: Database, afterId: string | null, limit: number): Promise<ModelRow[]> {
  return db
    .select()
    .from(models)
    .where(afterId === null ? undefined : gt(models.id, afterId))
    .orderBy(asc(models.id))
    .limit(limit)
    .all();
}

/** What these models have now: endpoints with the prices in force, in the order in which they were given. */
export async function selectPricedEndpoints(
  db: Database,
  modelIds: readonly string[],
  nowMs: number,
): Promise<PricedEndpoint[]> {
  const found: PricedEndpoint[] = [];
  for (const ids of chunksOf(modelIds, MAX_PARAMETERS)) {
    const rows = await db
      .select({ endpoint: endpoints, price: prices })
      .from(endpoints)
      .leftJoin(prices, eq(prices.id, priceIdInForce(db, nowMs)))
      .where(and(inArray(endpoints.modelId, ids), isNull(endpoints.removedAtMs)))
      .orderBy(asc(endpoints.modelId), asc(endpoints.position), asc(endpoints.id))
      .all();
    found.push(...rows);
  }
  return found;
}

/** Statement: a new model; a unique violation of `models.id` when there is one. */
export function insertModel(db: Database, row: ModelRow) {
  return db.insert(models).values(row);
}

/** Statement: changes a model. */
export function changeModel(db: Database, id: string, change: Partial<Omit<ModelRow, "id">>) {
  return db.update(models).set(change).where(eq(models.id, id));
}

/** Statement: removes a model. */
export function deleteModelRow(db: Database, id: string) {
  return db.delete(models).where(eq(models.id, id));
}
