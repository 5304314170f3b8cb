import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { signedAmountCheck } from "./checks.ts";

/** What the ledger of a company says of a day, as its account told it: all that D1 knows of entries. */
export const dailyTotals = sqliteTable(
  "daily_totals",
  {
    companyId: text("company_id").notNull(),
    /** `2026-11-23`, UTC, by the ledger's own time. */
    day: text("day").notNull(),
    /** The entry up to which it counts: an older total never replaces a newer one. */
    throughSeq: integer("through_seq").notNull(),
    /** Entries that moved money. */
    entries: integer("entries").notNull(),
    amountNanoUsd: integer("amount_nano_usd").notNull(),
    toldAtMs: integer("told_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.companyId, table.day] }),
    index("daily_totals_day").on(table.day),
    signedAmountCheck("daily_totals_amount", table.amountNanoUsd),
  ],
);

/** Days on which the ledger of a company and its daily total differ; few, each for a person to look at. */
export const ledgerFindings = sqliteTable("ledger_findings", {
  /** `<day>/<company>`. */
  id: text("id").primaryKey(),
  day: text("day").notNull(),
  companyId: text("company_id").notNull(),
  ledgerNanoUsd: integer("ledger_nano_usd").notNull(),
  totalNanoUsd: integer("total_nano_usd").notNull(),
  ledgerEntries: integer("ledger_entries").notNull(),
  totalEntries: integer("total_entries").notNull(),
  foundAtMs: integer("found_at_ms").notNull(),
});
