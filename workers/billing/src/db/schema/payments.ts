import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { amountCheck } from "./checks.ts";

/**
 * One order and what became of it at Stripe. Written before Stripe is asked, so that a payment is never
 * unknown to us; afterwards it is a projection of Stripe's state, moved only by compare-and-set on
 * `revision`. The account is told the totals of a revision, never a change.
 */
export const payments = sqliteTable(
  "payments",
  {
    id: text("id").primaryKey(),
    companyId: text("company_id").notNull(),
    purpose: text("purpose", { enum: ["topup", "auto_topup", "subscription"] }).notNull(),
    /** The subscription charge that it pays. */
    chargeId: text("charge_id"),
    /** What was asked for: nothing else is credited. ISO 4217, lower case, and its minor units. */
    currency: text("currency").notNull(),
    amountMinor: integer("amount_minor").notNull(),
    /** What the company gets when all of it is paid. */
    creditNanoUsd: integer("credit_nano_usd").notNull(),
    status: text("status", { enum: ["created", "processing", "paid", "failed", "rejected"] }).notNull(),
    revision: integer("revision").notNull(),
    /** The revision whose effects are complete. */
    appliedRevision: integer("applied_revision").notNull(),
    customerId: text("customer_id").notNull(),
    paymentMethodId: text("payment_method_id"),
    checkoutSessionId: text("checkout_session_id").unique(),
    checkoutUrl: text("checkout_url"),
    paymentIntentId: text("payment_intent_id").unique(),
    cardFingerprint: text("card_fingerprint"),
    refundedMinor: integer("refunded_minor").notNull(),
    /** Taken back by disputes at present. */
    disputedMinor: integer("disputed_minor").notNull(),
    disputeOpen: integer("dispute_open", { mode: "boolean" }).notNull(),
    /** Stripe's code, or ours for a payment that does not match its order. */
    failureCode: text("failure_code"),
    createdAtMs: integer("created_at_ms").notNull(),
    paidAtMs: integer("paid_at_ms"),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    index("payments_company").on(table.companyId, table.createdAtMs, table.id),
    index("payments_updated").on(table.status, table.updatedAtMs),
    amountCheck("payments_amount", table.amountMinor),
    amountCheck("payments_credit", table.creditNanoUsd),
    amountCheck("payments_refunded", table.refundedMinor),
    amountCheck("payments_disputed", table.disputedMinor),
  ],
);

/** The one customer that a company is at Stripe. */
export const stripeCustomers = sqliteTable("stripe_customers", {
  companyId: text("company_id").primaryKey(),
  customerId: text("customer_id").notNull().unique(),
});

/** Cards by Stripe's fingerprint: two companies with one card are one person for a referral. */
export const companyCards = sqliteTable(
  "company_cards",
  {
    fingerprint: text("fingerprint").notNull(),
    companyId: text("company_id").notNull(),
    seenAtMs: integer("seen_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.fingerprint, table.companyId] })],
);

/** A company's standing order to refill its balance. At most one payment is in flight. */
export const autoTopups = sqliteTable(
  "auto_topups",
  {
    companyId: text("company_id").primaryKey(),
    enabled: integer("enabled", { mode: "boolean" }).notNull(),
    thresholdNanoUsd: integer("threshold_nano_usd").notNull(),
    amountNanoUsd: integer("amount_nano_usd").notNull(),
    monthlyCapNanoUsd: integer("monthly_cap_nano_usd").notNull(),
    paymentMethodId: text("payment_method_id").notNull(),
    inFlightPaymentId: text("in_flight_payment_id"),
    failures: integer("failures").notNull(),
    nextCheckAtMs: integer("next_check_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    index("auto_topups_next").on(table.enabled, table.nextCheckAtMs),
    amountCheck("auto_topups_threshold", table.thresholdNanoUsd),
    amountCheck("auto_topups_amount", table.amountNanoUsd),
    amountCheck("auto_topups_cap", table.monthlyCapNanoUsd),
  ],
);

/** What a foreign currency is worth: `units` of it are `nano_usd`, an exact ratio. USD needs none. */
export const fxRates = sqliteTable("fx_rates", {
  currency: text("currency").primaryKey(),
  nanoUsd: integer("nano_usd").notNull(),
  units: integer("units").notNull(),
  updatedAtMs: integer("updated_at_ms").notNull(),
});

/** Each object at Stripe that moved money of a payment, as we last saw it: what reconciliation compares with. */
export const paymentMovements = sqliteTable(
  "payment_movements",
  {
    /** `ch_…`, `re_…` or `du_…`. */
    objectId: text("object_id").primaryKey(),
    paymentId: text("payment_id").notNull(),
    kind: text("kind", { enum: ["charge", "refund", "dispute"] }).notNull(),
    amountMinor: integer("amount_minor").notNull(),
    seenAtMs: integer("seen_at_ms").notNull(),
  },
  (table) => [index("payment_movements_payment").on(table.paymentId)],
);
