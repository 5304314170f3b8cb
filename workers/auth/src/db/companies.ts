import { and, desc, eq, getTableColumns, lt, sql } from "drizzle-orm";
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

/** Statement: changes a company that nobody changed since it was read; answers the row as it is then. */
export function changeCompany(
  db: Database,
  { id, revision }: Pick<CompanyRow, "id" | "revision">,
  next: Partial<Omit<CompanyRow, "id" | "revision" | "referredByCompanyId">>,
) {
  return db
    .update(companies)
    .set({ ...next, revision: revision + 1 })
    .where(and(eq(companies.id, id), eq(companies.revision, revision)))
    .returning();
}

/** Statement: a company that is active is closed. */
export function closeCompanyRow(db: Database, id: string, nowMs: number) {
  return db
    .update(companies)
    .set({ isActive: false, inactiveReason: "closed", updatedAtMs: nowMs, revision: sql`${companies.revision} + 1` })
    .where(and(eq(companies.id, id), eq(companies.isActive, true)));
}

function withMemberCount(db: Database) {
  const members = sql<number>`(select count(*) from memberships where company_id = ${companies.id})`;
  return db
    .select({ company: getTableColumns(companies), members })
    .from(companies)
    .$dynamic();
}

/** A company of anybody's, with how many members it has: for operators. */
export function findCompanyWithCount(db: Database, id: string) {
  return withMemberCount(db).where(eq(companies.id, id)).get();
}

/** Companies of anybody's that match, newest first, from below `beforeId` on: for operators. */
export function selectCompanies(
  db: Database,
  { q, isActive }: { readonly q: string | null; readonly isActive: boolean | null },
  beforeId: string | null,
  limit: number,
) {
  // `instr` and not LIKE: nothing in the text is a wildcard, and the time is linear.
  const text = sql`lower(${companies.name} || ' ' || ${companies.email} || ' ' || ${companies.id})`;
  return withMemberCount(db)
    .where(
      and(
        beforeId === null ? undefined : lt(companies.id, beforeId),
        q === null ? undefined : sql`instr(${text}, lower(${q})) > 0`,
        isActive === null ? undefined : eq(companies.isActive, isActive),
      ),
    )
    .orderBy(desc(companies.id))
    .limit(limit)
    .all();
}
