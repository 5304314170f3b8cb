import { openDatabase } from "../db/client.ts";
import {
  type ChargeRow,
  findSubscription,
  moveCharge,
  saveSubscription,
  type SubscriptionRow,
} from "../db/subscriptions.ts";
import type { Env } from "../env.ts";
import { retryAtMs } from "./period.ts";

/**
 * What a charge that could not be taken does to its subscription. A first period or a change: nothing begins. A
 * renewal: tried again by the schedule, and after its last day the company falls back to pay as you go.
 * Idempotent: only the charge that the subscription waits for counts.
 */
export async function failCharge(env: Env, charge: ChargeRow, code: string, nowMs: number): Promise<void> {
  const db = openDatabase(env.DB);
  const subscription = await findSubscription(db, charge.companyId);
  if (subscription?.pendingChargeId !== charge.id) {
    await moveCharge(db, charge.id, "pending", { status: "failed", failureCode: code }, nowMs);
    return;
  }
  const saved = await saveSubscription(db, subscription, afterFailure(subscription, charge, nowMs), nowMs);
  if (!saved) throw new Error("the subscription changed meanwhile");
  await moveCharge(db, charge.id, "pending", { status: "failed", failureCode: code }, nowMs);
}

function afterFailure(subscription: SubscriptionRow, charge: ChargeRow, nowMs: number): Partial<SubscriptionRow> {
  if (charge.kind === "change") return { pendingChargeId: null };
  if (subscription.status === "incomplete") return { status: "canceled", pendingChargeId: null };
  const attempts = subscription.attempts + 1;
  const retryAt = retryAtMs(charge.periodStartMs, attempts);
  if (retryAt === null) return { status: "canceled", pendingChargeId: null, attempts };
  // A platform that was down for days still leaves an hour between two tries.
  return { status: "past_due", pendingChargeId: null, attempts, nextActionAtMs: Math.max(retryAt, nowMs + 3_600_000) };
}
