import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Companies whose accounts have been active: the only list of them here, for the cron that looks after them. */
export const accounts = sqliteTable(
  "accounts",
  {
    companyId: text("company_id").primaryKey(),
    /** Written at most twice a day. */
    activeAtMs: integer("active_at_ms").notNull(),
    /** When the cron last looked. */
    pokedAtMs: integer("poked_at_ms").notNull(),
    /** The revision of `markup_overrides` up to which it has been told. */
    toldMarkupRevision: integer("told_markup_revision").notNull().default(0),
  },
  (table) => [index("accounts_poked").on(table.pokedAtMs)],
);
