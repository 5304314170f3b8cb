import { newId } from "@aggregator/runtime/new-id";
import { and, desc, eq, lt, or, sql } from "drizzle-orm";
import type { AttemptResult, Verdict } from "../domain/delivery-verdict.ts";
import type { Database } from "./client.ts";
import { webhookAttempts, webhookDeliveries, webhooks } from "./schema.ts";

export type Delivery = typeof webhookDeliveries.$inferSelect;
export type Attempt = typeof webhookAttempts.$inferSelect;

const MAX_LOGGED_ATTEMPTS = 50;

export async function findDelivery(db: Database, id: string): Promise<Delivery | undefined> {
  return db.select().from(webhookDeliveries).where(eq(webhookDeliveries.id, id)).get();
}

export interface DeliveryPosition {
  readonly createdAtMs: number;
  readonly id: string;
}

/** Deliveries of one webhook, newest first, from after a position. */
export async function listDeliveries(
  db: Database,
  webhookId: string,
  filter: { readonly state: Delivery["state"] | null; readonly after: DeliveryPosition | null; readonly limit: number },
): Promise<Delivery[]> {
  const { state, after, limit } = filter;
  const older =
    after === null
      ? undefined
      : or(
          lt(webhookDeliveries.createdAtMs, after.createdAtMs),
          and(eq(webhookDeliveries.createdAtMs, after.createdAtMs), lt(webhookDeliveries.id, after.id)),
        );
  return db
    .select()
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.webhookId, webhookId),
        state === null ? undefined : eq(webhookDeliveries.state, state),
        older,
      ),
    )
    .orderBy(desc(webhookDeliveries.createdAtMs), desc(webhookDeliveries.id))
    .limit(limit);
}

/** The latest attempts of a delivery, oldest first. */
export async function listAttempts(db: Database, deliveryId: string): Promise<Attempt[]> {
  const latest = await db
    .select()
    .from(webhookAttempts)
    .where(eq(webhookAttempts.deliveryId, deliveryId))
    .orderBy(desc(webhookAttempts.id))
    .limit(MAX_LOGGED_ATTEMPTS);
  return latest.toReversed();
}

export async function insertDeliveries(db: Database, deliveries: readonly Delivery[]): Promise<void> {
  for (const delivery of deliveries) await db.insert(webhookDeliveries).values(delivery).onConflictDoNothing();
}

/** Counts an attempt before it is made; false when another job is making it. */
export async function claimAttempt(db: Database, delivery: Delivery, retryAtMs: number): Promise<boolean> {
  const claimed = await db
    .update(webhookDeliveries)
    .set({ attempts: delivery.attempts + 1, nextAttemptAtMs: retryAtMs })
    .where(
      and(
        eq(webhookDeliveries.id, delivery.id),
        eq(webhookDeliveries.state, "pending"),
        eq(webhookDeliveries.attempts, delivery.attempts),
      ),
    );
  return claimed.meta.changes === 1;
}

/** Records an attempt and what follows from it: one commit. */
export async function recordAttempt(
  db: Database,
  delivery: Delivery,
  result: AttemptResult,
  verdict: Verdict,
  nowMs: number,
): Promise<void> {
  const number = delivery.attempts + 1;
  const { status, error, durationMs } = result;
  const attempt = { deliveryId: delivery.id, id: newId(), atMs: nowMs, number, status, error, durationMs };
  const last = { lastStatus: status, lastError: error };
  const change =
    verdict.kind === "retry"
      ? { ...last, nextAttemptAtMs: nowMs + verdict.delaySeconds * 1_000 }
      : { ...last, state: verdict.kind, nextAttemptAtMs: null, finishedAtMs: nowMs };
  await db.batch([
    db.insert(webhookAttempts).values(attempt),
    db.update(webhookDeliveries).set(change).where(eq(webhookDeliveries.id, delivery.id)),
    db.update(webhooks).set(webhookChange(verdict, nowMs)).where(eq(webhooks.id, delivery.webhookId)),
  ]);
}

function webhookChange(verdict: Verdict, nowMs: number) {
  if (verdict.kind === "delivered") return { lastSuccessAtMs: nowMs };
  if (verdict.kind === "failed" && verdict.disableReason !== null) {
    return { isEnabled: false, disabledReason: verdict.disableReason };
  }
  return { lastSuccessAtMs: sql`${webhooks.lastSuccessAtMs}` };
}

/** Gives up on a delivery without an attempt. */
export async function failDelivery(db: Database, id: string, reason: string, nowMs: number): Promise<void> {
  await db
    .update(webhookDeliveries)
    .set({ state: "failed", lastError: reason, nextAttemptAtMs: null, finishedAtMs: nowMs })
    .where(eq(webhookDeliveries.id, id));
}

/** Starts a finished delivery over; false when it is not finished. */
export async function reopenDelivery(db: Database, id: string, nowMs: number): Promise<boolean> {
  const reopened = await db
    .update(webhookDeliveries)
    .set({ state: "pending", attempts: 0, nextAttemptAtMs: nowMs, finishedAtMs: null })
    .where(
      and(
        eq(webhookDeliveries.id, id),
        or(eq(webhookDeliveries.state, "delivered"), eq(webhookDeliveries.state, "failed")),
      ),
    );
  return reopened.meta.changes === 1;
}

/** Pending deliveries whose job seems lost: due for longer than any queue delays. */
export async function listOverdueDeliveries(db: Database, dueBeforeMs: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: webhookDeliveries.id })
    .from(webhookDeliveries)
    .where(lt(webhookDeliveries.nextAttemptAtMs, dueBeforeMs))
    .limit(limit);
  return rows.map(({ id }) => id);
}
