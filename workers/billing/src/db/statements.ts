import type { StatementView } from "@aggregator/contracts/payments";
import { and, desc, eq, lt } from "drizzle-orm";
import type { Database } from "./client.ts";
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
function storedStatement(body: string): StatementView {
  return JSON.parse(body) as StatementView;
}
