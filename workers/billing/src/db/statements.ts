import type { StatementView } from "@aggregator/contracts/payments";
import { and, desc, eq, gte, isNull, lt } from "drizzle-orm";
import type { Database } from "./client.ts";
import { accounts } from "./schema/accounts.ts";
import { statements, stripeFindings } from "./schema/statements.ts";

export type FindingRow = typeof stripeFindings.$inferSelect;

export async function findStatement(db: Database, companyId: string, month: string): Promise<StatementView | null> {
  const row = await db
    .select({ body: statements.body })
    .from(statements)
    .where(and(eq(statements.companyId, companyId), eq(statements.month, month)))
    .get();
  return row === undefined ? null : storedStatement(row.body);
}

/** Keeps a closed month; the first one stays. */
export async function insertStatement(
  db: Database,
  statement: StatementView,
  span: { readonly afterSeq: number; readonly throughSeq: number },
  nowMs: number,
): Promise<void> {
  const { company_id: companyId, month } = statement;
  const { afterSeq, throughSeq } = span;
  const row = { companyId, month, afterSeq, throughSeq, body: JSON.stringify(statement), createdAtMs: nowMs };
  await db.insert(statements).values(row).onConflictDoNothing();
}

/** Marks a month of which there is no statement, because the account was opened later: nobody needs to look again. */
export async function skipStatement(db: Database, companyId: string, month: string, nowMs: number): Promise<void> {
  const row = { companyId, month, afterSeq: 0, throughSeq: 0, body: "null", createdAtMs: nowMs };
  await db.insert(statements).values(row).onConflictDoNothing();
}

/** Active companies whose statement of a month is not kept yet. */
export async function listCompaniesWithout(
  db: Database,
  month: string,
  activeSinceMs: number,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .select({ companyId: accounts.companyId })
    .from(accounts)
    .leftJoin(statements, and(eq(statements.companyId, accounts.companyId), eq(statements.month, month)))
    .where(and(gte(accounts.activeAtMs, activeSinceMs), isNull(statements.month)))
    .limit(limit);
  return rows.map((row) => row.companyId);
}

/** Keeps findings; one that is found again is the same row. */
export async function insertFindings(db: Database, findings: readonly FindingRow[]): Promise<void> {
  for (const finding of findings) await db.insert(stripeFindings).values(finding).onConflictDoNothing();
}

/** Newest first; ids begin with the day. */
export async function listFindings(db: Database, before: string, limit: number): Promise<FindingRow[]> {
  return db
    .select()
    .from(stripeFindings)
    .where(lt(stripeFindings.id, before))
    .orderBy(desc(stripeFindings.id))
    .limit(limit);
}

/** JSON that this module wrote itself: the one place where its shape is taken on trust. */
function storedStatement(body: string): StatementView | null {
  return JSON.parse(body) as StatementView | null;
}
