import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What clients ask for. Ids may contain slashes. */
export const models = sqliteTable("models", {
  id: text("id").primaryKey(),
  contextWindow: integer("context_window"),
  maxOutputTokens: integer("max_output_tokens"),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});
