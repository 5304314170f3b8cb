import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** A key for a provider: the platform's own, or one that a company brought. */
export const credentials = sqliteTable(
  "credentials",
  {
    id: text("id").primaryKey(),
    providerSlug: text("provider_slug").notNull(),
    /** `""`: the platform's. A key column cannot be null, or two rows would not collide. */
    companyId: text("company_id").notNull(),
    /** AES-GCM with MASTER_KEY, bound to this row: see `domain/credential-binding.ts`. */
    sealedSecret: text("sealed_secret").notNull(),
    /** Last four characters, to recognise it by. */
    hint: text("hint").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [uniqueIndex("credentials_owner").on(table.companyId, table.providerSlug)],
);
