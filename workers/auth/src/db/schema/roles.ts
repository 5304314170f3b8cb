import type { Permission } from "@aggregator/contracts/permissions";
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { companies } from "./companies.ts";

/** A company's own role: a named set of permissions. */
export const roles = sqliteTable(
  "roles",
  {
    id: text("id").primaryKey(),
    companyId: text("company_id")
      .notNull()
      .references(() => companies.id),
    name: text("name").notNull(),
    permissions: text("permissions", { mode: "json" }).$type<readonly Permission[]>().notNull(),
    revision: integer("revision").notNull().default(1),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [uniqueIndex("roles_name").on(table.companyId, table.name)],
);
