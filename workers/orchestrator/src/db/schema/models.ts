import { ROUTING_STRATEGIES } from "@aggregator/contracts/routing";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What clients ask for. Ids may contain slashes. */
export const models = sqliteTable("models", {
  id: text("id").primaryKey(),
  contextWindow: integer("context_window"),
  maxOutputTokens: integer("max_output_tokens"),
  /** How its endpoints share the requests. */
  strategy: text("strategy", { enum: ROUTING_STRATEGIES }).notNull().default("priority"),
  /** Whether a conversation stays with the endpoint that has its prompt cached. */
  isSticky: integer("is_sticky", { mode: "boolean" }).notNull().default(false),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});
