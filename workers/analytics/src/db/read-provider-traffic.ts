import { asc, gte } from "drizzle-orm";
import type { Database } from "./client.ts";
import { providerTraffic } from "./schema.ts";

export type ProviderTraffic = typeof providerTraffic.$inferSelect;

/** Calls to providers since `sinceMs`, by provider and time. At most 288 rows a provider and day. */
export async function readProviderTraffic(db: Database, sinceMs: number): Promise<ProviderTraffic[]> {
  return db
    .select()
    .from(providerTraffic)
    .where(gte(providerTraffic.slotMs, sinceMs))
    .orderBy(asc(providerTraffic.provider), asc(providerTraffic.slotMs));
}
