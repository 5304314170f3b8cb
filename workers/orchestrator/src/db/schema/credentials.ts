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
    /** What its company calls it; the platform's have none. */
    name: text("name").notNull().default(""),
    /** The host that a company gave its key for: should the provider move, the key does not go along. */
    host: text("host").notNull().default(""),
    /** Grows with every change; what `If-Match` names. */
    revision: integer("revision").notNull().default(1),
    /** When the provider last took it; null: nobody asked. */
    verifiedAtMs: integer("verified_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [uniqueIndex("credentials_owner").on(table.companyId, table.providerSlug)],
);
