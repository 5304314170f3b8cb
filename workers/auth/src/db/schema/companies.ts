import type { RateLimits } from "@aggregator/contracts/actor";
import type { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { type AnySQLiteColumn, index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** A tenant. Its people are `members`; the passwords are theirs, not the company's. */
export const companies = sqliteTable(
  "companies",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    /** Its owner's address at registration: where the company is written to. */
    email: text("email").notNull().unique(),
    isVerified: integer("is_verified", { mode: "boolean" }).notNull().default(false),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    /** Why it is not active: `suspended` by an operator, `closed` by its owner, `erased`. */
    inactiveReason: text("inactive_reason", { enum: ["suspended", "closed", "erased"] }),
    referralCode: text("referral_code").notNull().unique(),
    /** Set when the row is made and by no statement after it: attributed once. */
    referredByCompanyId: text("referred_by_company_id").references((): AnySQLiteColumn => companies.id),
    preferences: text("preferences", { mode: "json" }).$type<ProviderPreferences>(),
    rateLimits: text("rate_limits", { mode: "json" }).$type<RateLimits>().notNull().default({}),
    /** Grows with each change: the row's ETag. */
    revision: integer("revision").notNull().default(1),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [index("companies_referred_by").on(table.referredByCompanyId)],
);
