import { PROVIDER_KINDS } from "@aggregator/contracts/provider-kinds";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** A vendor that the platform can call. Removed by deleting the row; what it served stays by name on receipts. */
export const providers = sqliteTable("providers", {
  slug: text("slug").primaryKey(),
  kind: text("kind", { enum: PROVIDER_KINDS }).notNull(),
  /** As the vendor's own client takes it, without a slash at the end. */
  baseUrl: text("base_url").notNull(),
  enabled: integer("enabled", { mode: "boolean" }).notNull(),
  /** Lower is tried first. */
  priority: integer("priority").notNull().default(0),
  onDisconnect: text("on_disconnect", { enum: ["stop", "drain"] }).notNull(),
  /** Trains on or keeps prompts, or nobody said that it does not. */
  collectsData: integer("collects_data", { mode: "boolean" }).notNull().default(true),
  /** `catalogue`: came with the price book and nobody has set it up yet, so creating it is no conflict. */
  origin: text("origin", { enum: ["catalogue", "operator"] }).notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});
