import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** A name that stands for models in the order to try. A model of the same name comes before it. */
export const modelAliases = sqliteTable("model_aliases", {
  id: text("id").primaryKey(),
  models: text("models", { mode: "json" }).$type<readonly string[]>().notNull(),
  createdAtMs: integer("created_at_ms").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});
