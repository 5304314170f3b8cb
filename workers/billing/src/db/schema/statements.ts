import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** A closed month of one company: the ledger from `after_seq` (exclusive) to `through_seq`, summed once and kept. */
export const statements = sqliteTable(
  "statements",
  {
    companyId: text("company_id").notNull(),
    /** `2026-11`, UTC. */
    month: text("month").notNull(),
    afterSeq: integer("after_seq").notNull(),
    throughSeq: integer("through_seq").notNull(),
    /** JSON of `StatementView`. */
    body: text("body").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.companyId, table.month] })],
);

/** What the daily comparison with Stripe found; few, each for a person to look at. */
export const stripeFindings = sqliteTable(
  "stripe_findings",
  {
    id: text("id").primaryKey(),
    /** `2026-11-23`, UTC: the day of the balance transaction. */
    day: text("day").notNull(),
    kind: text("kind", { enum: ["unknown_payment", "not_credited", "amount_differs", "missing_at_stripe"] }).notNull(),
    companyId: text("company_id"),
    paymentId: text("payment_id"),
    /** Stripe's id, `txn_…` or `pi_…`. */
    reference: text("reference").notNull(),
    expectedMinor: integer("expected_minor").notNull(),
    foundMinor: integer("found_minor").notNull(),
    currency: text("currency").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [index("stripe_findings_day").on(table.day)],
);
