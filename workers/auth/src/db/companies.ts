import { and, eq } from "drizzle-orm";
import type { Database } from "./client.ts";
import { companies } from "./schema/companies.ts";

export type CompanyRow = typeof companies.$inferSelect;
export type NewCompanyRow = typeof companies.$inferInsert;

export function findCompany(db: Database, id: string) {
  return db.select().from(companies).where(eq(companies.id, id)).get();
}

/** The active company of a referral code. */
export function findReferrer(db: Database, referralCode: string) {
  return db
    .select({ id: companies.id })
    .from(companies)
    .where(and(eq(companies.referralCode, referralCode), eq(companies.isActive, true)))
    .get();
}

/** Statement: a new company. */
export function insertCompany(db: Database, row: NewCompanyRow) {
  return db.insert(companies).values(row);
}
