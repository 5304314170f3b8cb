import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { amountCheck } from "./checks.ts";

/** Who brought whom. The referee is the key: attributed once, whatever races. Terms are pinned at its first payment. */
export const referrals = sqliteTable(
  "referrals",
  {
    refereeCompanyId: text("referee_company_id").primaryKey(),
    referrerCompanyId: text("referrer_company_id").notNull(),
    status: text("status", { enum: ["pending", "active", "void"] }).notNull(),
    /** Why it earns nothing: same_card, cycle. */
    voidReason: text("void_reason"),
    commissionBps: integer("commission_bps"),
    capNanoUsd: integer("cap_nano_usd"),
    endsAtMs: integer("ends_at_ms"),
    attributedAtMs: integer("attributed_at_ms").notNull(),
    activatedAtMs: integer("activated_at_ms"),
  },
  (table) => [index("referrals_referrer").on(table.referrerCompanyId, table.attributedAtMs)],
);

/** What one payment of a referee earns its referrer: decided once, and paid in the share that was not taken back. */
export const commissions = sqliteTable(
  "commissions",
  {
    paymentId: text("payment_id").primaryKey(),
    refereeCompanyId: text("referee_company_id").notNull(),
    referrerCompanyId: text("referrer_company_id").notNull(),
    /** For the whole payment. */
    grossNanoUsd: integer("gross_nano_usd").notNull(),
    /** Less what refunds and disputes took back. */
    netNanoUsd: integer("net_nano_usd").notNull(),
    revision: integer("revision").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [
    index("commissions_referee").on(table.refereeCompanyId),
    index("commissions_referrer").on(table.referrerCompanyId, table.createdAtMs),
    amountCheck("commissions_gross", table.grossNanoUsd),
    amountCheck("commissions_net", table.netNanoUsd),
  ],
);
