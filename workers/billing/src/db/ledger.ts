import { and, asc, desc, eq, gt, gte, lt, lte, sql } from "drizzle-orm";
import type { DayTotal } from "../domain/day-total.ts";
import type { Database } from "./client.ts";
import { accounts } from "./schema/accounts.ts";
import { dailyTotals, ledgerFindings } from "./schema/ledger.ts";

export type LedgerFindingRow = typeof ledgerFindings.$inferSelect;
export type DailyTotalRow = typeof dailyTotals.$inferSelect;

/** Keeps what an account says of its days; what is known up to a later entry stays. */
export async function keepDailyTotals(
  db: Database,
  companyId: string,
  totals: readonly DayTotal[],
  nowMs: number,
): Promise<void> {
  for (const { day, throughSeq, entries, amountNanoUsd } of totals) {
    const told = { throughSeq, entries, amountNanoUsd, toldAtMs: nowMs };
    await db
      .insert(dailyTotals)
      .values({ companyId, day, ...told })
      .onConflictDoUpdate({
        target: [dailyTotals.companyId, dailyTotals.day],
        set: told,
        setWhere: sql`${dailyTotals.throughSeq} < excluded.through_seq`,
      });
  }
}

export async function findDailyTotal(db: Database, companyId: string, day: string): Promise<DailyTotalRow | undefined> {
  return db
    .select()
    .from(dailyTotals)
    .where(and(eq(dailyTotals.companyId, companyId), eq(dailyTotals.day, day)))
    .get();
}

/** Companies with activity since a time, by id, after `after`. */
export async function listActiveCompanies(
  db: Database,
  sinceMs: number,
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .select({ companyId: accounts.companyId })
    .from(accounts)
    .where(and(gte(accounts.activeAtMs, sinceMs), gt(accounts.companyId, after)))
    .orderBy(asc(accounts.companyId))
    .limit(limit);
  return rows.map(({ companyId }) => companyId);
}

/** Companies of which D1 has totals of some days, by id, after `after`; `among` some of them, or all. */
export async function listCompaniesWithTotals(
  db: Database,
  days: { readonly from: string; readonly to: string },
  page: { readonly after: string; readonly limit: number; readonly among: readonly string[] | null },
): Promise<string[]> {
  const { companyId, day } = dailyTotals;
  // One parameter, however many: D1 takes a hundred.
  const named = sql`${companyId} IN (SELECT value FROM json_each(${JSON.stringify(page.among)}))`;
  const rows = await db
    .selectDistinct({ companyId })
    .from(dailyTotals)
    .where(
      and(gt(companyId, page.after), gte(day, days.from), lte(day, days.to), page.among === null ? undefined : named),
    )
    .orderBy(asc(companyId))
    .limit(page.limit);
  return rows.map((row) => row.companyId);
}

/** Keeps a difference as it is now; a day that ties again is no finding any more. */
export async function keepLedgerFinding(db: Database, finding: LedgerFindingRow): Promise<void> {
  await db.insert(ledgerFindings).values(finding).onConflictDoUpdate({ target: ledgerFindings.id, set: finding });
}

export async function dropLedgerFinding(db: Database, id: string): Promise<void> {
  await db.delete(ledgerFindings).where(eq(ledgerFindings.id, id));
}

/** Newest day first. */
export async function listLedgerFindings(db: Database, before: string, limit: number): Promise<LedgerFindingRow[]> {
  return db
    .select()
    .from(ledgerFindings)
    .where(lt(ledgerFindings.id, before))
    .orderBy(desc(ledgerFindings.id))
    .limit(limit);
}
