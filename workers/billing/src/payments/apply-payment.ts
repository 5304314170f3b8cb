import { type Answer, ok } from "@aggregator/contracts/result";
import { openDatabase } from "../db/client.ts";
import type { PaymentRow } from "../db/payments.ts";
import { findCharge } from "../db/subscriptions.ts";
import type { Env } from "../env.ts";

/**
 * Tells the company's account what a payment has moved in all: its credit, what was refunded, what a
 * dispute took, and whether the account stands still. Idempotent and order-safe by the payment's
 * revision. Fails when the balance would leave its range; the caller then gives the money back.
 */
export async function applyPayment(env: Env, payment: PaymentRow): Answer<void> {
  const account = env.COMPANY_ACCOUNT.getByName(payment.companyId);
  for (const movement of await movementsOf(env, payment)) {
    const posted = await account.postTotal({
      ...movement,
      revision: payment.revision,
      reference: { payment_id: payment.id },
    });
    if (!posted.ok) return posted;
  }
  return ok();
}

/** What the company got for a payment: what refunds and disputes take back shares of. */
async function givenFor(env: Env, payment: PaymentRow): Promise<number> {
  if (payment.status !== "paid") return 0;
  if (payment.chargeId === null) return payment.creditNanoUsd;
  const charge = await findCharge(openDatabase(env.DB), payment.chargeId);
  return charge?.status === "applied" ? charge.creditNanoUsd : 0;
}

/** What a payment has moved in all, by series: the one place that says so. None before Stripe has heard of it. */
export async function movementsOf(env: Env, payment: PaymentRow) {
  const { paymentIntentId: intent } = payment;
  if (intent === null) return [];
  const givenNanoUsd = await givenFor(env, payment);
  const isPaid = payment.status === "paid";
  // A subscription's credit is granted with its period, and expires with it.
  const credit = payment.chargeId === null ? givenNanoUsd : 0;
  return [
    {
      series: `credit/${intent}`,
      kind: "credit" as const,
      totalNanoUsd: credit,
      description: payment.purpose === "auto_topup" ? "Automatic top-up" : "Top-up",
    },
    {
      series: `refund/${intent}`,
      kind: "refund" as const,
      totalNanoUsd: -shareOf(givenNanoUsd, payment.refundedMinor, payment.amountMinor),
      description: "Refund of a payment",
    },
    {
      series: `dispute/${intent}`,
      kind: "dispute" as const,
      totalNanoUsd: -shareOf(givenNanoUsd, payment.disputedMinor, payment.amountMinor),
      freezes: isPaid && payment.disputeOpen,
      description: "Disputed payment",
    },
  ];
}

/** The part of what was given that an amount taken back stands for, rounded up: the platform never gives twice. */
function shareOf(givenNanoUsd: number, takenMinor: number, paidMinor: number): number {
  if (paidMinor === 0 || takenMinor === 0) return 0;
  const paid = BigInt(paidMinor);
  return Number((BigInt(givenNanoUsd) * BigInt(takenMinor) + paid - 1n) / paid);
}
