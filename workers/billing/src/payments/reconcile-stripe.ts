import { Stripe } from "stripe";
import { openDatabase } from "../db/client.ts";
import { listPaidBetween, type PaymentRow } from "../db/payments.ts";
import { type FindingRow, insertFindings } from "../db/statements.ts";
import { type Env, paymentConfig } from "../env.ts";
import { startFlow } from "../workflows/start-flow.ts";
import { checkLedger } from "./check-ledger.ts";
import { checkTransaction, type Finding } from "./check-transaction.ts";
import type { StripeAccess } from "./stripe-client.ts";

const DAY_MS = 86_400_000;
const MAX_TRANSACTIONS = 10_000;

/**
 * Compares one day (`2026-11-23`, UTC) of Stripe's balance transactions with our payments, to the minor unit,
 * in both directions: what Stripe moved and we did not book, what we booked and Stripe did not move, what
 * differs; and each payment with the ledger, to the nano-USD. Keeps and returns what it finds, and lets the payments
 * concerned be looked at again: what was only missed (an event that never came) is then made good.
 */
export async function reconcileStripe(env: Env, stripe: StripeAccess, day: string): Promise<FindingRow[]> {
  const db = openDatabase(env.DB);
  const startMs = Date.parse(`${day}T00:00:00Z`);
  const findings: Finding[] = [];
  const touched = new Set<string>();
  const charged = new Set<string>();
  const transactions = await listTransactions(stripe.client, startMs);
  // Said aloud: what is beyond has not been compared.
  if (transactions.length === MAX_TRANSACTIONS)
    paymentConfig(env).log.error("stripe.day_too_long", { count: MAX_TRANSACTIONS });
  for (const transaction of transactions) {
    const { payment, isCharge, finding } = await checkTransaction(db, transaction);
    if (finding !== null) findings.push(finding);
    if (payment !== null) touched.add(payment.id);
    if (payment !== null && isCharge) charged.add(payment.id);
  }
  for (const payment of await listPaidBetween(db, startMs, startMs + DAY_MS)) {
    touched.add(payment.id);
    const isThere = charged.has(payment.id) || (await wasCharged(stripe.client, payment));
    if (!isThere) findings.push(missing(payment));
  }
  for (const paymentId of touched) findings.push(...(await checkLedger(env, paymentId)));
  const kept = findings.map((finding) => keep(finding, day));
  await insertFindings(db, kept);
  await lookAgain(env, kept, day);
  return kept;
}

function listTransactions(stripe: Stripe, startMs: number): Promise<Stripe.BalanceTransaction[]> {
  const created = { gte: startMs / 1000, lt: (startMs + DAY_MS) / 1000 };
  return stripe.balanceTransactions
    .list({ created, limit: 100, expand: ["data.source"] })
    .autoPagingToArray({ limit: MAX_TRANSACTIONS });
}

/** Paid by our clock about midnight, it is in another day's transactions. */
async function wasCharged(stripe: Stripe, payment: PaymentRow): Promise<boolean> {
  if (payment.paymentIntentId === null) return false;
  try {
    const { latest_charge: latest } = await stripe.paymentIntents.retrieve(payment.paymentIntentId);
    const charge = typeof latest === "string" ? latest : (latest?.id ?? null);
    if (charge === null) return false;
    return (await stripe.balanceTransactions.list({ source: charge, limit: 1 })).data.length > 0;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return false;
    throw error;
  }
}

function missing(payment: PaymentRow): Finding {
  return {
    kind: "missing_at_stripe",
    companyId: payment.companyId,
    paymentId: payment.id,
    reference: payment.paymentIntentId ?? payment.id,
    currency: payment.currency,
    expectedMinor: payment.amountMinor,
    foundMinor: 0,
  };
}

function keep(finding: Finding, day: string): FindingRow {
  return { id: `${day}/${finding.kind}/${finding.reference}`, day, createdAtMs: Date.now(), ...finding };
}

async function lookAgain(env: Env, kept: readonly FindingRow[], day: string): Promise<void> {
  const { log } = paymentConfig(env);
  for (const { kind, companyId } of kept) log.error("stripe.difference", { company_id: companyId, reason: kind });
  const payments = new Set(kept.flatMap(({ paymentId }) => (paymentId === null ? [] : [paymentId])));
  for (const paymentId of payments) await startFlow(env.PAYMENT_FLOW, `reconcile-${paymentId}-${day}`, { paymentId });
}
