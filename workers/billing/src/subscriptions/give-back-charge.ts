import { openDatabase } from "../db/client.ts";
import { findPayment } from "../db/payments.ts";
import { type ChargeRow, findSubscription, moveCharge, saveSubscription } from "../db/subscriptions.ts";
import type { Env } from "../env.ts";
import { giveBackPayment } from "../payments/give-back-payment.ts";
import { stripeOf } from "../payments/stripe-client.ts";

/**
 * Compensates a charge that was paid and cannot be used: the money goes back the way it came, and a
 * subscription that it had put in force ends. Idempotent at each step. Throws when Stripe does not answer.
 */
export async function giveBackCharge(env: Env, charge: ChargeRow): Promise<void> {
  const db = openDatabase(env.DB);
  const subscription = await findSubscription(db, charge.companyId);
  if (subscription?.activeChargeId === charge.id) {
    const ended = { status: "canceled" as const, activeChargeId: null };
    const saved = await saveSubscription(db, subscription, ended, Date.now());
    if (!saved) throw new Error("the subscription changed meanwhile");
  }
  if (charge.amountNanoUsd > 0) await returnMoney(env, charge);
  await moveCharge(db, charge.id, ["paid", "failed", "pending"], { status: "refunded" }, Date.now());
}

async function returnMoney(env: Env, charge: ChargeRow): Promise<void> {
  if (charge.payWith === "balance") {
    const refunded = await env.COMPANY_ACCOUNT.getByName(charge.companyId).grant({
      kind: "refund",
      amountNanoUsd: charge.amountNanoUsd,
      reason: `Subscription to ${charge.planId} could not begin`,
      grantedBy: "subscription",
      idempotencyKey: `give-back/${charge.id}`,
    });
    if (!refunded.ok) throw new Error("a fee could not be given back");
    return;
  }
  const stripe = stripeOf(env);
  const payment = charge.paymentId === null ? undefined : await findPayment(openDatabase(env.DB), charge.paymentId);
  if (stripe === null || payment === undefined) throw new Error("a payment could not be given back");
  await giveBackPayment(stripe, payment);
}
