import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * A model at a provider. A row is never deleted, so that its prices and the receipts that name it keep
 * their meaning; one that comes back is the same row with the same id. No foreign keys: models and
 * providers go, and the price book may name a provider before anybody sets it up.
 */
export const endpoints = sqliteTable(
  "endpoints",
  {
    id: text("id").primaryKey(),
    modelId: text("model_id").notNull(),
    providerSlug: text("provider_slug").notNull(),
    upstreamModel: text("upstream_model").notNull(),
    enabled: integer("enabled", { mode: "boolean" }).notNull().default(true),
    /** Share among endpoints of one model under the weighted strategy. */
    weight: integer("weight").notNull().default(1),
    /** Where in the model's list it was given. */
    position: integer("position").notNull().default(0),
    removedAtMs: integer("removed_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    uniqueIndex("endpoints_natural").on(table.modelId, table.providerSlug, table.upstreamModel),
    index("endpoints_provider").on(table.providerSlug, table.modelId),
  ],
);
