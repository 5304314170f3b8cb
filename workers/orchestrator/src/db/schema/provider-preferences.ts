import type { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How a company wants endpoints chosen. A company that never said has no row. */
export const providerPreferences = sqliteTable("provider_preferences", {
  companyId: text("company_id").primaryKey(),
  preferences: text("preferences", { mode: "json" }).$type<ProviderPreferences>().notNull(),
  /** Grows with every change; what `If-Match` names. */
  revision: integer("revision").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});
