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
    db.insert(payments).select((query) =>
      query
        .select({
          id: sql`${id}`.as("id"),
          companyId: autoTopups.companyId,
          purpose: sql`'auto_topup'`.as("purpose"),
          chargeId: sql`null`.as("charge_id"),
          currency: sql`'usd'`.as("currency"),
          amountMinor: sql`${amountMinor}`.as("amount_minor"),
          creditNanoUsd: sql`${creditNanoUsd}`.as("credit_nano_usd"),
          status: sql`'created'`.as("status"),
          revision: sql`1`.as("revision"),
          appliedRevision: sql`0`.as("applied_revision"),
          customerId: sql`${customerId}`.as("customer_id"),
          paymentMethodId: sql`${paymentMethodId}`.as("payment_method_id"),
          checkoutSessionId: sql`null`.as("checkout_session_id"),
          checkoutUrl: sql`null`.as("checkout_url"),
          paymentIntentId: sql`null`.as("payment_intent_id"),
          cardFingerprint: sql`null`.as("card_fingerprint"),
          refundedMinor: sql`0`.as("refunded_minor"),
          disputedMinor: sql`0`.as("disputed_minor"),
          disputeOpen: sql`0`.as("dispute_open"),
          failureCode: sql`null`.as("failure_code"),
          createdAtMs: sql`${nowMs}`.as("created_at_ms"),
          paidAtMs: sql`null`.as("paid_at_ms"),
          updatedAtMs: sql`${nowMs}`.as("updated_at_ms"),
        })
        .from(autoTopups)
        .where(eq(autoTopups.inFlightPaymentId, id)),
    ),
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
