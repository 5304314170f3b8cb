import { defectFields } from "@aggregator/runtime/log";
import { openDatabase } from "../db/client.ts";
import { failPayment, listUnfinishedPayments, type PaymentRow, touchPayment } from "../db/payments.ts";
import { type Env, paymentConfig } from "../env.ts";
import { startFlow } from "../workflows/start-flow.ts";
import { chargeCard } from "./charge-card.ts";
import { stripeOf } from "./stripe-client.ts";

const BATCH = 50;
/** Longer than any event or run normally takes. */
const QUIET_MS = 10 * 60_000;
/** Stripe keeps idempotency keys for at least a day: after that, a try could be a second payment. */
const GIVE_UP_MS = 23 * 3_600_000;

/** Looks again at payments whose event never came or whose run died; by cron. What Stripe says then decides. */
export async function sweepPayments(env: Env, nowMs: number): Promise<void> {
  const stripe = stripeOf(env);
  if (stripe === null) return;
  const db = openDatabase(env.DB);
  for (const order of await listUnfinishedPayments(db, nowMs - QUIET_MS, BATCH)) {
    try {
      await touchPayment(db, order.id, nowMs);
      if (!wasSent(order)) {
        if (nowMs - order.createdAtMs > GIVE_UP_MS) await failPayment(db, order, "never_sent", nowMs);
        else await chargeCard(env, stripe, order);
      }
      await startFlow(env.PAYMENT_FLOW, `sweep-${order.id}-${nowMs}`, { paymentId: order.id });
    } catch (error) {
      paymentConfig(env).log.error("payment.sweep_failed", { company_id: order.companyId, ...defectFields(error) });
    }
  }
}

function wasSent(order: PaymentRow): boolean {
  return order.paymentIntentId !== null || order.checkoutSessionId !== null;
}
