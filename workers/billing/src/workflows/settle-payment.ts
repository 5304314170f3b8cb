import type { WorkflowStep } from "cloudflare:workers";
import { switchOffAutoTopup } from "../db/auto-topups.ts";
import { openDatabase } from "../db/client.ts";
import { findPayment, markApplied, type PaymentRow } from "../db/payments.ts";
import { type Env, paymentConfig } from "../env.ts";
import { applyPayment } from "../payments/apply-payment.ts";
import { finishAutoTopup } from "../payments/finish-auto-topup.ts";
import { giveBackPayment } from "../payments/give-back-payment.ts";
import { notifyPayment } from "../payments/notify.ts";
import { stripeOf } from "../payments/stripe-client.ts";
import { syncPayment } from "../payments/sync-payment.ts";
import { voidSharedCards } from "../referrals/open-referral.ts";
import { settleCommission } from "../referrals/settle-commission.ts";
import { runRefusable, runStep } from "./run-step.ts";
import { settleCharge } from "./settle-charge.ts";

/**
 * pay → credit → commission → notice, for one payment. An event of Stripe only says that there is something
 * to look at: each run reads what Stripe says now and brings ledger, commission and subscription to it.
 * So runs may repeat, race and come out of order. A credit that the account cannot take is
 * compensated: the payment is refunded.
 */
export async function settlePayment(env: Env, step: WorkflowStep, paymentId: string): Promise<void> {
  const seen = await runStep(step, "read the payment at Stripe", () => read(env, paymentId));
  // A period begins before the account is told: what a refund takes back depends on whether its credit was granted.
  if (seen.chargeId !== null && seen.isDecided) await settleCharge(env, step, seen.chargeId);
  const refused = await runRefusable(step, "credit the account", async () =>
    applyPayment(env, await orderOf(env, paymentId)),
  );
  if (refused === null) {
    await runStep(step, "settle the commission", () => settleCommissions(env, paymentId));
    await runStep(step, "tell the company", () => tell(env, paymentId));
  } else {
    await runStep(step, "give the payment back", () => giveBack(env, paymentId));
  }
  await runStep(step, "close the run", () => close(env, paymentId, seen.revision));
}

async function read(env: Env, paymentId: string) {
  const stripe = stripeOf(env);
  if (stripe === null) throw new Error("payments are not configured");
  const order = await syncPayment(env, stripe, paymentId);
  if (order === undefined) throw new Error("no such payment");
  if (order.status === "rejected") {
    paymentConfig(env).log.error("payment.rejected", { company_id: order.companyId, reason: order.failureCode });
  }
  const isDecided = order.status === "paid" || order.status === "failed";
  return { revision: order.revision, chargeId: order.chargeId, isDecided };
}

async function giveBack(env: Env, paymentId: string): Promise<null> {
  const stripe = stripeOf(env);
  if (stripe === null) throw new Error("payments are not configured");
  await giveBackPayment(stripe, await orderOf(env, paymentId));
  return null;
}

async function settleCommissions(env: Env, paymentId: string): Promise<null> {
  const order = await orderOf(env, paymentId);
  const affected = new Set([...(await voidSharedCards(openDatabase(env.DB), order.companyId)), paymentId]);
  for (const id of affected) {
    const settled = await settleCommission(env, id);
    if (!settled.ok) paymentConfig(env).log.error("commission.refused", { error_code: settled.error.code });
  }
  return null;
}

async function tell(env: Env, paymentId: string): Promise<null> {
  const order = await orderOf(env, paymentId);
  const data = { payment_id: order.id, amount_nano_usd: order.creditNanoUsd };
  if (order.status === "paid") {
    await notifyPayment(env, order.companyId, `payment-received/${order.id}`, { kind: "payment_received", data });
  } else if (order.status === "failed" && order.checkoutSessionId === null) {
    const reason = order.failureCode ?? "declined";
    await notifyPayment(env, order.companyId, `payment-failed/${order.id}`, {
      kind: "payment_failed",
      data: { ...data, reason },
    });
  }
  return null;
}

async function close(env: Env, paymentId: string, revision: number): Promise<null> {
  const order = await orderOf(env, paymentId);
  if (order.purpose === "auto_topup") await finishAutoTopup(env, order, Date.now());
  if (order.disputeOpen) await switchOffAutoTopup(openDatabase(env.DB), order.companyId);
  await markApplied(openDatabase(env.DB), paymentId, revision);
  return null;
}

async function orderOf(env: Env, id: string): Promise<PaymentRow> {
  const order = await findPayment(openDatabase(env.DB), id);
  if (order === undefined) throw new Error("no such payment");
  return order;
}
