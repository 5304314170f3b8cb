import type { PriceTable, PriceTier } from "@aggregator/contracts/prices";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Versions of an endpoint's prices. The newest whose time has come is in force; no row is changed or
 * deleted (triggers of migration 0001), so a receipt's `price_version` can always be looked up.
 */
export const prices = sqliteTable(
  "prices",
  {
    id: text("id").primaryKey(),
    endpointId: text("endpoint_id").notNull(),
    /** Integer nano-USD; `{}` when the prices were withdrawn. */
    base: text("base", { mode: "json" }).$type<PriceTable>().notNull(),
    tiers: text("tiers", { mode: "json" }).$type<readonly PriceTier[]>().notNull(),
    /** `catalogue`: from the price book, which does not replace what an operator set. */
    source: text("source", { enum: ["catalogue", "operator"] }).notNull(),
    activeFromMs: integer("active_from_ms").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [index("prices_endpoint").on(table.endpointId, table.activeFromMs, table.id)],
);
