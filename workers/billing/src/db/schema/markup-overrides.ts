import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Markups that are not the plan's. A row that is taken away stays without a markup, so that revisions only grow. */
export const markupOverrides = sqliteTable(
  "markup_overrides",
  {
    /** "" for every company. */
    companyId: text("company_id").notNull(),
    /** Id of a model; "" for every model. */
    model: text("model").notNull(),
    /** On cost, in basis points; null: none any more. */
    markupBps: integer("markup_bps"),
    /** Greater than every one before, in all rows. */
    revision: integer("revision").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.companyId, table.model] })],
);
