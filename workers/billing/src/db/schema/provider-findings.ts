import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Days on which a provider's own report of what it billed differs from what the ledgers say that it cost. */
export const providerFindings = sqliteTable("provider_findings", {
  /** Day and provider. */
  id: text("id").primaryKey(),
  /** `2026-11-23`, UTC. */
  day: text("day").notNull(),
  provider: text("provider").notNull(),
  ledgerNanoUsd: integer("ledger_nano_usd").notNull(),
  providerNanoUsd: integer("provider_nano_usd").notNull(),
  foundAtMs: integer("found_at_ms").notNull(),
});
