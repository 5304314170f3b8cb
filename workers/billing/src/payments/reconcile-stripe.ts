import type { Stripe } from "stripe";
import { openDatabase, type Database } from "../db/client.ts";
import { findMovement, findPayment, findPaymentByIntent, listPaidBetween, type PaymentRow } from "../db/payments.ts";
import { type FindingRow, insertFindings } from "../db/statements.ts";
import { type Env, paymentConfig } from "../env.ts";
import type { StripeAccess } from "./stripe-client.ts";

const DAY_MS = 86_400_000;
const MAX_TRANSACTIONS = 10_000;

type Finding = Omit<FindingRow, "id" | "day" | "createdAtMs">;

/**
 * Compares one day (`2026-11-23`, UTC) of Stripe's balance transactions with our payments, to the minor unit,
 * in both directions: what Stripe moved and we did not book, what we booked and Stripe did not move, what
 * differs, and what was paid and is not in the ledger. Keeps and returns what it finds.
 */
export async function reconcileStripe(env: Env, stripe: StripeAccess, day: string): Promise<FindingRow[]> {
  const db = openDatabase(env.DB);
  const startMs = Date.parse(`${day}T00:00:00Z`);
  const findings: Finding[] = [];
  const seen = new Set<string>();
  for (const transaction of await listTransactions(stripe.client, startMs)) {
    const checked = await checkTransaction(db, transaction);
    if (checked.paymentId !== null) seen.add(checked.paymentId);
    if (checked.finding !== null) findings.push(checked.finding);
  }
  for (const payment of await listPaidBetween(db, startMs, startMs + DAY_MS)) {
    findings.push(...(await checkPayment(env, payment, seen.has(payment.id))));
  }
  const kept = findings.map((finding) => keep(finding, day));
  await insertFindings(db, kept);
  const { log } = paymentConfig(env);
  for (const { kind, companyId } of kept) log.error("stripe.difference", { company_id: companyId, reason: kind });
  return kept;
}

async function listTransactions(stripe: Stripe, startMs: number): Promise<Stripe.BalanceTransaction[]> {
  const created = { gte: startMs / 1000, lt: (startMs + DAY_MS) / 1000 };
  return stripe.balanceTransactions
    .list({ created, limit: 100, expand: ["data.source"] })
    .autoPagingToArray({ limit: MAX_TRANSACTIONS });
}

interface Checked {
  /** The payment whose charge this was. */
  readonly paymentId: string | null;
  readonly finding: Finding | null;
}

/** One movement of Stripe's balance against what we know of the object that moved it. */
async function checkTransaction(db: Database, transaction: Stripe.BalanceTransaction): Promise<Checked> {
  const { source } = transaction;
  if (source === null || typeof source === "string") return { paymentId: null, finding: null };
  const found = Math.abs(transaction.amount);
  const about = { reference: transaction.id, foundMinor: found, currency: transaction.currency };
  if (source.object === "charge") {
    const intentId =
      typeof source.payment_intent === "string" ? source.payment_intent : (source.payment_intent?.id ?? "");
    const payment = await findPaymentByIntent(db, intentId);
    if (payment === undefined) return { paymentId: null, finding: unknown(about) };
    const isSame = payment.status === "paid" && payment.amountMinor === found;
    return { paymentId: payment.id, finding: isSame ? null : differs(about, payment, payment.amountMinor) };
  }
  if (source.object !== "refund" && source.object !== "dispute") return { paymentId: null, finding: null };
  const movement = await findMovement(db, source.id);
  const payment = movement === undefined ? undefined : await findPayment(db, movement.paymentId);
  if (movement === undefined || payment === undefined) return { paymentId: null, finding: unknown(about) };
  return {
    paymentId: null,
    finding: movement.amountMinor === found ? null : differs(about, payment, movement.amountMinor),
  };
}

/** One of our paid payments: Stripe must have moved it that day, and the ledger must have its credit. */
async function checkPayment(env: Env, payment: PaymentRow, isAtStripe: boolean): Promise<Finding[]> {
  const findings: Finding[] = [];
  const reference = payment.paymentIntentId ?? payment.id;
  const about = { companyId: payment.companyId, paymentId: payment.id, reference, currency: payment.currency };
  if (!isAtStripe) {
    findings.push({ ...about, kind: "missing_at_stripe", expectedMinor: payment.amountMinor, foundMinor: 0 });
  }
  if (payment.purpose !== "subscription") {
    const credited = await env.COMPANY_ACCOUNT.getByName(payment.companyId).movedBy(`credit/${reference}`);
    if (credited !== payment.creditNanoUsd) {
      const foundMinor = Number((BigInt(payment.amountMinor) * BigInt(credited)) / BigInt(payment.creditNanoUsd));
      findings.push({ ...about, kind: "not_credited", expectedMinor: payment.amountMinor, foundMinor });
    }
  }
  return findings;
}

type About = Pick<Finding, "reference" | "foundMinor" | "currency">;

function unknown(about: About): Finding {
  return { ...about, kind: "unknown_payment", companyId: null, paymentId: null, expectedMinor: 0 };
}

function differs(about: About, payment: PaymentRow, expectedMinor: number): Finding {
  return { ...about, kind: "amount_differs", companyId: payment.companyId, paymentId: payment.id, expectedMinor };
}

function keep(finding: Finding, day: string): FindingRow {
  return { id: `${day}/${finding.kind}/${finding.reference}`, day, createdAtMs: Date.now(), ...finding };
}
