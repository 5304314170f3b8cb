import { openDatabase } from "../db/client.ts";
import { findPayment, type PaymentRow } from "../db/payments.ts";
import type { Env } from "../env.ts";
import { movementsOf } from "./apply-payment.ts";
import type { Finding } from "./check-transaction.ts";

/** A run that brings the ledger to a new state takes seconds; one that takes longer is a difference. */
const IN_FLIGHT_MS = 10 * 60_000;
const ATTEMPTS = 3;

/**
 * A payment against the ledger of its company, to the nano-USD: what it gave less what was taken back. In the
 * finding, both in minor units of what was paid, so that a difference below one shows as equal numbers. A payment
 * that moves meanwhile is looked at again.
 */
export async function checkLedger(env: Env, paymentId: string): Promise<Finding[]> {
  const db = openDatabase(env.DB);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const payment = await findPayment(db, paymentId);
    if (payment === undefined) return [];
    const { expected, found } = await totalsOf(env, payment);
    if (expected === found) return [];
    const isInFlight = payment.appliedRevision < payment.revision && payment.updatedAtMs > Date.now() - IN_FLIGHT_MS;
    if (isInFlight) return [];
    if ((await findPayment(db, paymentId))?.revision === payment.revision) return [differs(payment, expected, found)];
  }
  return [];
}

async function totalsOf(env: Env, payment: PaymentRow): Promise<{ expected: number; found: number }> {
  const account = env.COMPANY_ACCOUNT.getByName(payment.companyId);
  let expected = 0;
  let found = 0;
  for (const { series, totalNanoUsd } of await movementsOf(env, payment)) {
    expected += totalNanoUsd;
    found += await account.movedBy(series);
  }
  return { expected, found };
}

function differs(payment: PaymentRow, expected: number, found: number): Finding {
  return {
    kind: "not_credited",
    companyId: payment.companyId,
    paymentId: payment.id,
    reference: payment.paymentIntentId ?? payment.id,
    currency: payment.currency,
    expectedMinor: minorOf(payment, expected),
    foundMinor: minorOf(payment, found),
  };
}

function minorOf(payment: PaymentRow, nanoUsd: number): number {
  if (payment.creditNanoUsd === 0) return 0;
  return Number((BigInt(payment.amountMinor) * BigInt(nanoUsd)) / BigInt(payment.creditNanoUsd));
}
