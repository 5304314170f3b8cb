import { and, desc, eq, gte, inArray, isNotNull, lt, lte, or, sql } from "drizzle-orm";
import type { PaymentState } from "../payments/judge-payment.ts";
import type { Database } from "./client.ts";
import { companyCards, fxRates, paymentMovements, payments, stripeCustomers } from "./schema/payments.ts";

export type PaymentRow = typeof payments.$inferSelect;
export type PaymentMovementRow = typeof paymentMovements.$inferSelect;

export type NewPayment = Pick<
  PaymentRow,
  | "id"
  | "companyId"
  | "purpose"
  | "chargeId"
  | "currency"
  | "amountMinor"
  | "creditNanoUsd"
  | "customerId"
  | "paymentMethodId"
>;

/** Writes an order unless it exists; returns it as it is now. */
export async function insertPayment(db: Database, payment: NewPayment, nowMs: number): Promise<PaymentRow> {
  await db
    .insert(payments)
    .values({
      ...payment,
      status: "created",
      revision: 1,
      appliedRevision: 0,
      refundedMinor: 0,
      disputedMinor: 0,
      disputeOpen: false,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    })
    .onConflictDoNothing();
  const row = await findPayment(db, payment.id);
  if (row === undefined) throw new Error("an inserted payment is missing");
  return row;
}

export async function findPayment(db: Database, id: string): Promise<PaymentRow | undefined> {
  return db.select().from(payments).where(eq(payments.id, id)).get();
}

export async function findPaymentByIntent(db: Database, paymentIntentId: string): Promise<PaymentRow | undefined> {
  return db.select().from(payments).where(eq(payments.paymentIntentId, paymentIntentId)).get();
}

/** Remembers where the customer pays. */
export async function attachCheckout(db: Database, id: string, session: { id: string; url: string | null }) {
  await db.update(payments).set({ checkoutSessionId: session.id, checkoutUrl: session.url }).where(eq(payments.id, id));
}

export async function attachIntent(db: Database, id: string, paymentIntentId: string): Promise<void> {
  await db
    .update(payments)
    .set({ paymentIntentId })
    .where(and(eq(payments.id, id), sql`${payments.paymentIntentId} is null`));
}

/** Moves a payment to a new state if nobody else has since it was read; false when somebody has. */
export async function savePaymentState(
  db: Database,
  seen: PaymentRow,
  state: PaymentState,
  nowMs: number,
): Promise<boolean> {
  const paidAtMs = seen.paidAtMs ?? (state.status === "paid" ? nowMs : null);
  const saved = await db
    .update(payments)
    .set({ ...state, paidAtMs, revision: seen.revision + 1, updatedAtMs: nowMs })
    .where(and(eq(payments.id, seen.id), eq(payments.revision, seen.revision)))
    .returning({ id: payments.id });
  return saved.length === 1;
}

/** All effects of a revision are done. Never goes back. */
export async function markApplied(db: Database, id: string, revision: number): Promise<void> {
  await db
    .update(payments)
    .set({ appliedRevision: revision })
    .where(and(eq(payments.id, id), lt(payments.appliedRevision, revision)));
}

/** A company's payments, newest first, before a position. */
export async function listPayments(
  db: Database,
  companyId: string,
  before: readonly [createdAtMs: number, id: string],
  limit: number,
): Promise<PaymentRow[]> {
  const [createdAtMs, id] = before;
  return db
    .select()
    .from(payments)
    .where(
      and(
        eq(payments.companyId, companyId),
        lte(payments.createdAtMs, createdAtMs),
        or(lt(payments.createdAtMs, createdAtMs), lt(payments.id, id)),
      ),
    )
    .orderBy(desc(payments.createdAtMs), desc(payments.id))
    .limit(limit);
}

/** Payments that wait for Stripe, or whose effects are not complete, and that nothing has touched since `beforeMs`. */
export async function listUnfinishedPayments(db: Database, beforeMs: number, limit: number): Promise<PaymentRow[]> {
  const waiting = and(
    inArray(payments.status, ["created", "processing"]),
    or(isNotNull(payments.checkoutSessionId), isNotNull(payments.paymentIntentId), isNotNull(payments.paymentMethodId)),
  );
  return db
    .select()
    .from(payments)
    .where(and(lt(payments.updatedAtMs, beforeMs), or(waiting, lt(payments.appliedRevision, payments.revision))))
    .orderBy(payments.updatedAtMs)
    .limit(limit);
}

/** So that the sweep goes round and does not look at the same ones for ever. */
export async function touchPayment(db: Database, id: string, nowMs: number): Promise<void> {
  await db.update(payments).set({ updatedAtMs: nowMs }).where(eq(payments.id, id));
}

/** Gives up an order that Stripe was never asked for or refused outright; nothing if somebody else has moved it. */
export async function failPayment(db: Database, seen: PaymentRow, failureCode: string, nowMs: number): Promise<void> {
  const { paymentIntentId, paymentMethodId, cardFingerprint, refundedMinor, disputedMinor, disputeOpen } = seen;
  const kept = { paymentIntentId, paymentMethodId, cardFingerprint, refundedMinor, disputedMinor, disputeOpen };
  await savePaymentState(db, seen, { ...kept, status: "failed", failureCode }, nowMs);
}

/** Paid between two times: what Stripe's balance must show. */
export async function listPaidBetween(db: Database, fromMs: number, toMs: number): Promise<PaymentRow[]> {
  return db
    .select()
    .from(payments)
    .where(and(gte(payments.paidAtMs, fromMs), lt(payments.paidAtMs, toMs)));
}

/** Remembers what moved money at Stripe; the newest amount of an object counts. */
export async function recordMovements(
  db: Database,
  movements: readonly Omit<PaymentMovementRow, "seenAtMs">[],
  nowMs: number,
): Promise<void> {
  for (const movement of movements) {
    await db
      .insert(paymentMovements)
      .values({ ...movement, seenAtMs: nowMs })
      .onConflictDoUpdate({ target: paymentMovements.objectId, set: { amountMinor: movement.amountMinor } });
  }
}

export async function findMovement(db: Database, objectId: string): Promise<PaymentMovementRow | undefined> {
  return db.select().from(paymentMovements).where(eq(paymentMovements.objectId, objectId)).get();
}

export async function findCustomer(db: Database, companyId: string): Promise<string | null> {
  const row = await db.select().from(stripeCustomers).where(eq(stripeCustomers.companyId, companyId)).get();
  return row?.customerId ?? null;
}

export async function insertCustomer(db: Database, companyId: string, customerId: string): Promise<void> {
  await db.insert(stripeCustomers).values({ companyId, customerId }).onConflictDoNothing();
}

export async function recordCard(db: Database, companyId: string, fingerprint: string, nowMs: number) {
  await db.insert(companyCards).values({ companyId, fingerprint, seenAtMs: nowMs }).onConflictDoNothing();
}

/** Companies that have paid with one of this company's cards, itself not counted. */
export async function listCardSharers(db: Database, companyId: string): Promise<string[]> {
  const own = db
    .select({ fingerprint: companyCards.fingerprint })
    .from(companyCards)
    .where(eq(companyCards.companyId, companyId));
  const rows = await db
    .selectDistinct({ companyId: companyCards.companyId })
    .from(companyCards)
    .where(and(inArray(companyCards.fingerprint, own), sql`${companyCards.companyId} <> ${companyId}`));
  return rows.map((row) => row.companyId);
}

export async function findFxRate(db: Database, currency: string) {
  return db.select().from(fxRates).where(eq(fxRates.currency, currency)).get();
}

export async function putFxRate(db: Database, rate: typeof fxRates.$inferInsert): Promise<void> {
  await db.insert(fxRates).values(rate).onConflictDoUpdate({ target: fxRates.currency, set: rate });
}
