import { defectFields } from "@aggregator/runtime/log";
import { openDatabase } from "../db/client.ts";
import { attachIntent, failPayment, listUnfinishedPayments, type PaymentRow, touchPayment } from "../db/payments.ts";
import { type Env, paymentConfig } from "../env.ts";
import { startFlow } from "../workflows/start-flow.ts";
import { findIntent } from "./find-intent.ts";
import { type StripeAccess, stripeOf } from "./stripe-client.ts";
import { syncPayment } from "./sync-payment.ts";

const BATCH = 50;
const HOUR_MS = 3_600_000;
/** Longer than any event or run normally takes. */
const QUIET_MS = 10 * 60_000;
/** A subscription's own flow tries for about half a day. */
const FLOW_PATIENCE_MS = 23 * HOUR_MS;

/** Looks again at payments whose event never came or whose run died; by cron. What Stripe says then decides. */
export async function sweepPayments(env: Env, nowMs: number): Promise<void> {
  const stripe = stripeOf(env);
  if (stripe === null) return;
  const db = openDatabase(env.DB);
  for (const order of await listUnfinishedPayments(db, nowMs - QUIET_MS, BATCH)) {
    try {
      await touchPayment(db, order.id, nowMs);
      await followUp(env, stripe, order, nowMs);
    } catch (error) {
      paymentConfig(env).log.error("payment.sweep_failed", { company_id: order.companyId, ...defectFields(error) });
    }
  }
}

/** A payment that Stripe was never asked for is given up, not made: whoever ordered it has been told to try again. */
async function followUp(env: Env, stripe: StripeAccess, order: PaymentRow, nowMs: number): Promise<void> {
  const db = openDatabase(env.DB);
  if (order.paymentIntentId === null && order.checkoutSessionId === null) {
    const intentId = order.paymentMethodId === null ? null : await findIntent(stripe.client, order);
    const isStale = order.purpose !== "subscription" || nowMs - order.createdAtMs > FLOW_PATIENCE_MS;
    if (intentId !== null) await attachIntent(db, order.id, intentId);
    else if (isStale && order.status === "created") await failPayment(db, order, "never_sent", nowMs);
  }
  const now = await syncPayment(env, stripe, order.id);
  if (now === undefined || now.appliedRevision >= now.revision) return;
  const hour = Math.floor(nowMs / HOUR_MS);
  await startFlow(env.PAYMENT_FLOW, `sweep-${order.id}-${now.revision}-${hour}`, { paymentId: order.id });
}
