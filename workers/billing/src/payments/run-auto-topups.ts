import { newId } from "@aggregator/runtime/new-id";
import { defectFields } from "@aggregator/runtime/log";
import { periodStartMs } from "../domain/budget-period.ts";
import { type AutoTopupRow, beginAutoTopup, listDueAutoTopups, postponeAutoTopup } from "../db/auto-topups.ts";
import { openDatabase } from "../db/client.ts";
import { findCustomer } from "../db/payments.ts";
import { type Env, paymentConfig } from "../env.ts";
import { startFlow } from "../workflows/start-flow.ts";
import { chargeCard } from "./charge-card.ts";
import { centsOf } from "./currency.ts";
import { type StripeAccess, stripeOf } from "./stripe-client.ts";

const BATCH = 200;
const CHECK_EVERY_MS = 60_000;

/** Refills the balances that are below their threshold; by cron, each standing order about once a minute. One that fails does not stop the others. */
export async function runAutoTopups(env: Env, nowMs: number): Promise<void> {
  const stripe = stripeOf(env);
  if (stripe === null) return;
  const { log } = paymentConfig(env);
  for (const standing of await listDueAutoTopups(openDatabase(env.DB), nowMs, BATCH)) {
    try {
      await topUpIfLow(env, stripe, standing, nowMs);
    } catch (error) {
      log.error("auto_topup.failed", { company_id: standing.companyId, ...defectFields(error) });
    }
  }
}

/**
 * Refills one balance when less than the threshold is available: at most one payment in flight, and never
 * beyond the month's cap. Order and place in flight are written together, then the card is charged.
 */
async function topUpIfLow(env: Env, stripe: StripeAccess, standing: AutoTopupRow, nowMs: number): Promise<void> {
  const db = openDatabase(env.DB);
  const { companyId, amountNanoUsd: creditNanoUsd, paymentMethodId } = standing;
  await postponeAutoTopup(db, companyId, nowMs + CHECK_EVERY_MS);
  const balance = await env.COMPANY_ACCOUNT.getByName(companyId).balance();
  if (balance.available_nano_usd >= standing.thresholdNanoUsd) return;
  const customerId = await findCustomer(db, companyId);
  const amountMinor = centsOf(creditNanoUsd);
  if (customerId === null || amountMinor === null) return;
  const wanted = { id: newId(), companyId, amountMinor, creditNanoUsd, customerId, paymentMethodId };
  const order = await beginAutoTopup(db, wanted, periodStartMs("month", nowMs), nowMs);
  if (order === undefined) return;
  try {
    await chargeCard(env, stripe, order);
  } finally {
    // Also when Stripe did not answer: the run finds out what it did.
    await startFlow(env.PAYMENT_FLOW, `card-${order.id}`, { paymentId: order.id });
  }
}
