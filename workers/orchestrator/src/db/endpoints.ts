import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Database } from "./client.ts";
import { endpoints } from "./schema/endpoints.ts";

export type EndpointRow = typeof endpoints.$inferSelect;

/** Statement: a new endpoint, or the one that was there before with what the row says now. */
export function upsertEndpoint(db: Database, row: EndpointRow) {
  return db
    .insert(endpoints)
    .values(row)
    .onConflictDoUpdate({
      target: [endpoints.modelId, endpoints.providerSlug, endpoints.upstreamModel],
      set: { enabled: row.enabled, weight: row.weight, position: row.position, removedAtMs: row.removedAtMs },
    });
}

/** Statement: endpoints serve no more. */
export function removeEndpoints(db: Database, ids: readonly string[], nowMs: number) {
  return db
    .update(endpoints)
    .set({ removedAtMs: nowMs })
    .where(inArray(endpoints.id, [...ids]));
}

/** Statement: a model's endpoints serve no more. */
export function removeEndpointsOfModel(db: Database, modelId: string, nowMs: number) {
  return db
    .update(endpoints)
    .set({ removedAtMs: nowMs })
    .where(and(eq(endpoints.modelId, modelId), isNull(endpoints.removedAtMs)));
}

/** Statement: a provider's endpoints serve no more. */
export function removeEndpointsOfProvider(db: Database, providerSlug: string, nowMs: number) {
  return db
    .update(endpoints)
    .set({ removedAtMs: nowMs })
    .where(and(eq(endpoints.providerSlug, providerSlug), isNull(endpoints.removedAtMs)));
}
