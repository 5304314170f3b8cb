import { sha256Hex } from "@aggregator/runtime/digest";
import { openDatabase } from "../db/client.ts";
import { findCustomer, findPayment, insertPayment, type PaymentRow } from "../db/payments.ts";
import { attachPayment, type ChargeRow, findSubscription, moveCharge } from "../db/subscriptions.ts";
import type { Env } from "../env.ts";
import { chargeCard } from "../payments/charge-card.ts";
import { centsOf } from "../payments/currency.ts";
import { type StripeAccess, stripeOf } from "../payments/stripe-client.ts";

export type ChargeOutcome =
  | { readonly status: "paid" }
  /** The card's bank has not decided: Stripe's event continues. */
  | { readonly status: "waiting" }
  /** All is done with it: its period began, or it was given back. */
  | { readonly status: "closed" }
  | { readonly status: "failed"; readonly code: string };

/**
 * Takes what a charge asks for, from the balance or the saved card, at most once however often it is
 * called: the ledger entry and the PaymentIntent carry the charge's id. Throws when Stripe does not answer.
 */
export async function payCharge(env: Env, charge: ChargeRow): Promise<ChargeOutcome> {
  const db = openDatabase(env.DB);
  switch (charge.status) {
    case "paid":
      return { status: "paid" };
    case "applied":
    case "refunded":
      return { status: "closed" };
    case "failed":
      return afterFailure(env, charge);
    case "pending": {
      const outcome = charge.amountNanoUsd === 0 ? { status: "paid" as const } : await take(env, charge);
      if (outcome.status === "paid") await moveCharge(db, charge.id, "pending", { status: "paid" }, Date.now());
      return outcome;
    }
  }
}

/** A charge that was given up and whose money came after all: it is paid, and whoever goes on finds nobody waiting for it. */
async function afterFailure(env: Env, charge: ChargeRow): Promise<ChargeOutcome> {
  const payment = charge.paymentId === null ? undefined : await findPayment(openDatabase(env.DB), charge.paymentId);
  if (payment?.status === "paid") return { status: "paid" };
  return { status: "failed", code: charge.failureCode ?? "declined" };
}

async function take(env: Env, charge: ChargeRow): Promise<ChargeOutcome> {
  return charge.payWith === "balance" ? takeFromBalance(env, charge) : takeFromCard(env, charge);
}

async function takeFromBalance(env: Env, charge: ChargeRow): Promise<ChargeOutcome> {
  const taken = await env.COMPANY_ACCOUNT.getByName(charge.companyId).chargeFee({
    amountNanoUsd: charge.amountNanoUsd,
    description: `Subscription to ${charge.planId}`,
    idempotencyKey: `fee/${charge.id}`,
  });
  return taken.ok ? { status: "paid" } : { status: "failed", code: taken.error.code };
}

async function takeFromCard(env: Env, charge: ChargeRow): Promise<ChargeOutcome> {
  const stripe = stripeOf(env);
  if (stripe === null) return { status: "failed", code: "payments_off" };
  const order = await orderOf(env, stripe, charge);
  if (order === null) return { status: "failed", code: "no_card" };
  const paid = await chargeCard(env, stripe, order);
  switch (paid.status) {
    case "paid":
      return { status: "paid" };
    case "failed":
    case "rejected":
      return { status: "failed", code: paid.failureCode ?? "declined" };
    case "created":
    case "processing":
      return { status: "waiting" };
  }
}

/** The order of a charge: the checkout that the customer was sent to, or one on the saved card. null: there is no card. */
async function orderOf(env: Env, stripe: StripeAccess, charge: ChargeRow): Promise<PaymentRow | null> {
  const db = openDatabase(env.DB);
  const id = await paymentIdOf(charge);
  const known = await findPayment(db, id);
  if (known !== undefined) return known;
  const subscription = await findSubscription(db, charge.companyId);
  const customerId = await findCustomer(db, charge.companyId);
  const amountMinor = centsOf(charge.amountNanoUsd);
  if (customerId === null || amountMinor === null) return null;
  const paymentMethodId = subscription?.paymentMethodId ?? (await anyCardOf(stripe, customerId));
  if (paymentMethodId === null) return null;
  const order = {
    id,
    companyId: charge.companyId,
    purpose: "subscription" as const,
    chargeId: charge.id,
    currency: "usd",
    amountMinor,
    creditNanoUsd: charge.creditNanoUsd,
    customerId,
    paymentMethodId,
  };
  await attachPayment(db, charge.id, id);
  return insertPayment(db, order, Date.now());
}

/** The company's newest card: what a subscription that began without one, as a trial does, is paid with. */
async function anyCardOf(stripe: StripeAccess, customerId: string): Promise<string | null> {
  const cards = await stripe.client.customers.listPaymentMethods(customerId, { type: "card", limit: 1 });
  return cards.data[0]?.id ?? null;
}

/** The payment of a charge: derived, so that a restarted step finds the one that it made before. */
export async function paymentIdOf(charge: Pick<ChargeRow, "id">): Promise<string> {
  const hex = await sha256Hex(charge.id);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
