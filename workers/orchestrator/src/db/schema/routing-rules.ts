import type { RoutingRule } from "@aggregator/contracts/routing";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** An operator's rule: which requests it is for, and what it does to their endpoints. */
export const routingRules = sqliteTable("routing_rules", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  /** Lower is applied first. */
  position: integer("position").notNull(),
  enabled: integer("enabled", { mode: "boolean" }).notNull(),
  match: text("match", { mode: "json" }).$type<RoutingRule["match"]>().notNull(),
  effect: text("effect", { mode: "json" }).$type<RoutingRule["effect"]>().notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});
