import { and, asc, eq, isNull, lte, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { findPayment, type PaymentRow } from "./payments.ts";
import { autoTopups, payments } from "./schema/payments.ts";

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

/**
 * Takes the one place in flight and writes its order, both or neither, if the month's cap leaves room for it.
 * undefined: another payment is in flight, the standing order was switched off, or the cap is reached.
 */
export async function beginAutoTopup(
  db: Database,
  order: Pick<PaymentRow, "id" | "companyId" | "amountMinor" | "creditNanoUsd" | "customerId" | "paymentMethodId">,
  monthStartMs: number,
  nowMs: number,
): Promise<PaymentRow | undefined> {
  const { id, companyId, amountMinor, creditNanoUsd, customerId, paymentMethodId } = order;
  const taken = sql`(select coalesce(sum(${payments.creditNanoUsd}), 0) from ${payments}
    where ${payments.companyId} = ${companyId} and ${payments.purpose} = 'auto_topup'
      and ${payments.createdAtMs} >= ${monthStartMs} and ${payments.status} in ('created', 'processing', 'paid'))`;
  await db.batch([
    db
      .update(autoTopups)
      .set({ inFlightPaymentId: id })
      .where(
        and(
          eq(autoTopups.companyId, companyId),
          eq(autoTopups.enabled, true),
          isNull(autoTopups.inFlightPaymentId),
          sql`${taken} + ${creditNanoUsd} <= ${autoTopups.monthlyCapNanoUsd}`,
        ),
      ),
    db.run(sql`insert into ${payments}
      (id, company_id, purpose, currency, amount_minor, credit_nano_usd, status, revision, applied_revision, customer_id,
       payment_method_id, refunded_minor, disputed_minor, dispute_open, created_at_ms, updated_at_ms)
      select ${id}, ${companyId}, 'auto_topup', 'usd', ${amountMinor}, ${creditNanoUsd}, 'created', 1, 0, ${customerId},
             ${paymentMethodId}, 0, 0, 0, ${nowMs}, ${nowMs}
      from ${autoTopups} where ${autoTopups.inFlightPaymentId} = ${id}`),
  ]);
  return findPayment(db, id);
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

/** Stops the standing order: a person has to look before a card is charged again. */
export async function switchOffAutoTopup(db: Database, companyId: string): Promise<void> {
  await db.update(autoTopups).set({ enabled: false }).where(eq(autoTopups.companyId, companyId));
}
