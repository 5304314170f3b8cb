import { and, asc, eq, inArray, isNull, lt, lte, or, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { plans } from "./schema/plans.ts";
import { subscriptionCharges, subscriptions } from "./schema/subscriptions.ts";

export type SubscriptionRow = typeof subscriptions.$inferSelect;
export type ChargeRow = typeof subscriptionCharges.$inferSelect;
export type NewSubscription = Omit<
  SubscriptionRow,
  "revision" | "toldRevision" | "toldPlanRevision" | "createdAtMs" | "updatedAtMs" | "attempts" | "nextPlanId"
>;

const LIVE = ["trialing", "active", "past_due"] as const;

export function isLive(subscription: SubscriptionRow | undefined): boolean {
  return LIVE.some((status) => status === subscription?.status);
}

export async function findSubscription(db: Database, companyId: string): Promise<SubscriptionRow | undefined> {
  return db.select().from(subscriptions).where(eq(subscriptions.companyId, companyId)).get();
}

/** Longer than a fee is normally on its way; after that another try may take its place. */
const IN_PAYMENT_MS = 10 * 60_000;

/**
 * Begins a subscription, over one that has ended, or that waits for a customer who has not paid at Stripe's page;
 * false when one is live or its fee is being taken.
 */
export async function beginSubscription(db: Database, begun: NewSubscription, nowMs: number): Promise<boolean> {
  const fresh = { ...begun, attempts: 0, nextPlanId: null, updatedAtMs: nowMs };
  const waitsForCustomer = and(eq(subscriptions.payWith, "card"), isNull(subscriptions.paymentMethodId));
  const isStuck = lt(subscriptions.updatedAtMs, nowMs - IN_PAYMENT_MS);
  const replaceable = or(
    eq(subscriptions.status, "canceled"),
    and(eq(subscriptions.status, "incomplete"), or(waitsForCustomer, isStuck)),
  );
  const saved = await db
    .insert(subscriptions)
    .values({ ...fresh, revision: 1, toldRevision: 0, toldPlanRevision: 0, createdAtMs: nowMs })
    .onConflictDoUpdate({
      target: subscriptions.companyId,
      set: { ...fresh, revision: sql`${subscriptions.revision} + 1` },
      ...(replaceable === undefined ? {} : { setWhere: replaceable }),
    })
    .returning({ id: subscriptions.companyId });
  return saved.length === 1;
}

/** Changes a subscription if nobody else has since it was read; false when somebody has. */
export async function saveSubscription(
  db: Database,
  seen: SubscriptionRow,
  change: Partial<SubscriptionRow>,
  nowMs: number,
): Promise<boolean> {
  const saved = await db
    .update(subscriptions)
    .set({ ...change, revision: seen.revision + 1, updatedAtMs: nowMs })
    .where(and(eq(subscriptions.companyId, seen.companyId), eq(subscriptions.revision, seen.revision)))
    .returning({ id: subscriptions.companyId });
  return saved.length === 1;
}

/** Subscriptions whose renewal, end or retry is due. */
export async function listDueSubscriptions(db: Database, nowMs: number, limit: number): Promise<SubscriptionRow[]> {
  return db
    .select()
    .from(subscriptions)
    .where(and(lte(subscriptions.nextActionAtMs, nowMs), inArray(subscriptions.status, [...LIVE])))
    .orderBy(asc(subscriptions.nextActionAtMs))
    .limit(limit);
}

/** Companies whose account has not been told the newest of their subscription or plan. */
export async function listUntoldCompanies(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .select({ companyId: subscriptions.companyId })
    .from(subscriptions)
    .leftJoin(plans, eq(plans.id, subscriptions.planId))
    .where(
      or(lt(subscriptions.toldRevision, subscriptions.revision), lt(subscriptions.toldPlanRevision, plans.revision)),
    )
    .limit(limit);
  return rows.map((row) => row.companyId);
}

export async function markTold(db: Database, companyId: string, revision: number, planRevision: number) {
  await db
    .update(subscriptions)
    .set({ toldRevision: revision, toldPlanRevision: planRevision })
    .where(and(eq(subscriptions.companyId, companyId), lte(subscriptions.toldRevision, revision)));
}

/** Writes a charge unless it exists; returns it as it is now. */
export async function insertCharge(
  db: Database,
  charge: Omit<ChargeRow, "status" | "paymentId" | "failureCode" | "createdAtMs" | "updatedAtMs">,
  nowMs: number,
): Promise<ChargeRow> {
  await db
    .insert(subscriptionCharges)
    .values({ ...charge, status: "pending", createdAtMs: nowMs, updatedAtMs: nowMs })
    .onConflictDoNothing();
  const row = await findCharge(db, charge.id);
  if (row === undefined) throw new Error("an inserted charge is missing");
  return row;
}

export async function findCharge(db: Database, id: string): Promise<ChargeRow | undefined> {
  return db.select().from(subscriptionCharges).where(eq(subscriptionCharges.id, id)).get();
}

/** Moves a charge from one status to another; false when it was not in the first. */
export async function moveCharge(
  db: Database,
  id: string,
  from: ChargeRow["status"] | readonly ChargeRow["status"][],
  change: Partial<ChargeRow>,
  nowMs: number,
): Promise<boolean> {
  const moved = await db
    .update(subscriptionCharges)
    .set({ ...change, updatedAtMs: nowMs })
    .where(and(eq(subscriptionCharges.id, id), inArray(subscriptionCharges.status, [from].flat())))
    .returning({ id: subscriptionCharges.id });
  return moved.length === 1;
}

export async function attachPayment(db: Database, chargeId: string, paymentId: string): Promise<void> {
  await db.update(subscriptionCharges).set({ paymentId }).where(eq(subscriptionCharges.id, chargeId));
}
