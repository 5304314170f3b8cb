import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { amountCheck } from "./checks.ts";

/** What a company can subscribe to. Rows are archived, never deleted: charges and statements name them. */
export const plans = sqliteTable(
  "plans",
  {
    /** Slug, such as `pro`. */
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    monthlyFeeNanoUsd: integer("monthly_fee_nano_usd").notNull(),
    /** Granted with each paid period, gone at its end. */
    includedCreditNanoUsd: integer("included_credit_nano_usd").notNull(),
    /** On cost, in basis points; what reserve pins. */
    markupBps: integer("markup_bps").notNull(),
    /** Of the price of an answer that comes from the response cache, in basis points. */
    cacheHitBps: integer("cache_hit_bps").notNull().default(0),
    requestsPerMinute: integer("requests_per_minute"),
    tokensPerMinute: integer("tokens_per_minute"),
    concurrentRequests: integer("concurrent_requests"),
    features: text("features", { mode: "json" }).$type<readonly string[]>().notNull(),
    trialDays: integer("trial_days").notNull(),
    /** What a referrer on this plan earns of each payment of a referee, for how long, and at most in all. */
    commissionBps: integer("commission_bps").notNull(),
    commissionMonths: integer("commission_months").notNull(),
    commissionCapNanoUsd: integer("commission_cap_nano_usd").notNull(),
    /** Grows with each change; accounts that were told an older one are told again. */
    revision: integer("revision").notNull(),
    archivedAtMs: integer("archived_at_ms"),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    amountCheck("plans_fee", table.monthlyFeeNanoUsd),
    amountCheck("plans_credit", table.includedCreditNanoUsd),
    amountCheck("plans_commission_cap", table.commissionCapNanoUsd),
  ],
);
