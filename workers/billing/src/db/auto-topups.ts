import { and, asc, eq, isNull, lte } from "drizzle-orm";
import type { Database } from "./client.ts";
import { autoTopups } from "./schema/payments.ts";

export type AutoTopupRow = typeof autoTopups.$inferSelect;

export async function findAutoTopup(db: Database, companyId: string): Promise<AutoTopupRow | undefined> {
  return db.select().from(autoTopups).where(eq(autoTopups.companyId, companyId)).get();
}

/** Stores the standing order; a payment that is in flight stays in flight. */
export async function putAutoTopup(
  db: Database,
  terms: Omit<AutoTopupRow, "inFlightPaymentId" | "failures" | "nextCheckAtMs">,
): Promise<void> {
  const set = { ...terms, failures: 0, nextCheckAtMs: 0 };
  await db.insert(autoTopups).values(set).onConflictDoUpdate({ target: autoTopups.companyId, set });
}

/** Standing orders that nobody has looked at for a while and that have nothing in flight. */
export async function listDueAutoTopups(db: Database, nowMs: number, limit: number): Promise<AutoTopupRow[]> {
  return db
    .select()
    .from(autoTopups)
    .where(
      and(eq(autoTopups.enabled, true), lte(autoTopups.nextCheckAtMs, nowMs), isNull(autoTopups.inFlightPaymentId)),
    )
    .orderBy(asc(autoTopups.nextCheckAtMs))
    .limit(limit);
}

/** Takes the one place in flight for a payment; false when another one has it. */
export async function claimAutoTopup(db: Database, companyId: string, paymentId: string): Promise<boolean> {
  const claimed = await db
    .update(autoTopups)
    .set({ inFlightPaymentId: paymentId })
    .where(and(eq(autoTopups.companyId, companyId), eq(autoTopups.enabled, true), isNull(autoTopups.inFlightPaymentId)))
    .returning({ id: autoTopups.companyId });
  return claimed.length === 1;
}

/** Gives the place in flight free, if this payment still has it. */
export async function releaseAutoTopup(
  db: Database,
  companyId: string,
  paymentId: string,
  change: Partial<Pick<AutoTopupRow, "failures" | "nextCheckAtMs" | "enabled">>,
): Promise<void> {
  await db
    .update(autoTopups)
    .set({ ...change, inFlightPaymentId: null })
    .where(and(eq(autoTopups.companyId, companyId), eq(autoTopups.inFlightPaymentId, paymentId)));
}

export async function postponeAutoTopup(db: Database, companyId: string, nextCheckAtMs: number): Promise<void> {
  await db.update(autoTopups).set({ nextCheckAtMs }).where(eq(autoTopups.companyId, companyId));
}
