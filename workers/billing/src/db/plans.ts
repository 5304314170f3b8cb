import { and, asc, eq, gt, isNull, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { plans } from "./schema/plans.ts";

export type PlanRow = typeof plans.$inferSelect;
export type PlanTerms = Omit<PlanRow, "id" | "revision" | "archivedAtMs" | "createdAtMs" | "updatedAtMs">;

/** False when the id is taken. */
export async function insertPlan(db: Database, id: string, terms: PlanTerms, nowMs: number): Promise<boolean> {
  const times = { createdAtMs: nowMs, updatedAtMs: nowMs };
  const inserted = await db
    .insert(plans)
    .values({ id, ...terms, revision: 1, ...times })
    .onConflictDoNothing()
    .returning({ id: plans.id });
  return inserted.length === 1;
}

export async function findPlan(db: Database, id: string): Promise<PlanRow | undefined> {
  return db.select().from(plans).where(eq(plans.id, id)).get();
}

/** Plans by id, after a cursor; `withArchived` for operators. */
export async function listPlans(
  db: Database,
  page: { readonly after: string; readonly limit: number; readonly withArchived: boolean },
): Promise<PlanRow[]> {
  const offered = page.withArchived ? undefined : isNull(plans.archivedAtMs);
  return db
    .select()
    .from(plans)
    .where(and(gt(plans.id, page.after), offered))
    .orderBy(asc(plans.id))
    .limit(page.limit);
}

/** Changes terms; a new revision, which the accounts on the plan are told. undefined: no such plan. */
export async function updatePlan(
  db: Database,
  id: string,
  change: Partial<PlanTerms & Pick<PlanRow, "archivedAtMs">>,
  nowMs: number,
): Promise<PlanRow | undefined> {
  const rows = await db
    .update(plans)
    .set({ ...change, revision: sql`${plans.revision} + 1`, updatedAtMs: nowMs })
    .where(eq(plans.id, id))
    .returning();
  return rows[0];
}
