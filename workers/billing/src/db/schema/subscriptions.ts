import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { amountCheck } from "./checks.ts";

/** The plan that a company is on; no row: pay as you go. Moved only by compare-and-set on `revision`. */
export const subscriptions = sqliteTable(
  "subscriptions",
  {
    companyId: text("company_id").primaryKey(),
    planId: text("plan_id").notNull(),
    status: text("status", { enum: ["incomplete", "trialing", "active", "past_due", "canceled"] }).notNull(),
    payWith: text("pay_with", { enum: ["card", "balance"] }).notNull(),
    paymentMethodId: text("payment_method_id"),
    /** Day of month (UTC) on which periods begin. */
    anchorDay: integer("anchor_day").notNull(),
    periodStartMs: integer("period_start_ms").notNull(),
    periodEndMs: integer("period_end_ms").notNull(),
    cancelAtPeriodEnd: integer("cancel_at_period_end", { mode: "boolean" }).notNull(),
    /** The charge that is awaited; one that is not awaited any more is given back when it is paid. */
    pendingChargeId: text("pending_charge_id"),
    /** The charge that paid for the present period. */
    activeChargeId: text("active_charge_id"),
    /** In force from the next period on: a downgrade. */
    nextPlanId: text("next_plan_id"),
    /** Failed tries at the present renewal. */
    attempts: integer("attempts").notNull(),
    /** When cron looks next: renewal, end of trial or a retry. */
    nextActionAtMs: integer("next_action_at_ms").notNull(),
    revision: integer("revision").notNull(),
    /** What the account was last told, of the subscription and of its plan. */
    toldRevision: integer("told_revision").notNull(),
    toldPlanRevision: integer("told_plan_revision").notNull(),
    usedTrial: integer("used_trial", { mode: "boolean" }).notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    index("subscriptions_next").on(table.nextActionAtMs),
    index("subscriptions_plan").on(table.planId, table.toldPlanRevision),
  ],
);

/** One fee that is due: a first period, a renewal, or the difference of a change. Its id is its idempotency key. */
export const subscriptionCharges = sqliteTable(
  "subscription_charges",
  {
    id: text("id").primaryKey(),
    companyId: text("company_id").notNull(),
    planId: text("plan_id").notNull(),
    kind: text("kind", { enum: ["start", "renewal", "change"] }).notNull(),
    payWith: text("pay_with", { enum: ["card", "balance"] }).notNull(),
    amountNanoUsd: integer("amount_nano_usd").notNull(),
    creditNanoUsd: integer("credit_nano_usd").notNull(),
    periodStartMs: integer("period_start_ms").notNull(),
    periodEndMs: integer("period_end_ms").notNull(),
    status: text("status", { enum: ["pending", "paid", "applied", "failed", "refunded"] }).notNull(),
    paymentId: text("payment_id"),
    failureCode: text("failure_code"),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    index("subscription_charges_company").on(table.companyId, table.createdAtMs),
    amountCheck("subscription_charges_amount", table.amountNanoUsd),
    amountCheck("subscription_charges_credit", table.creditNanoUsd),
  ],
);
