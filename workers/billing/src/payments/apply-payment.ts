import { type Answer, ok } from "@aggregator/contracts/result";
import type { PaymentRow } from "../db/payments.ts";
import type { Env } from "../env.ts";

/**
 * Tells the company's account what a payment has moved in all: its credit, what was refunded, what a
 * dispute took, and whether the account stands still. Idempotent and order-safe by the payment's
 * revision. Fails when the balance would leave its range; the caller then gives the money back.
 */
export async function applyPayment(env: Env, payment: PaymentRow): Answer<void> {
  if (payment.paymentIntentId === null) return ok();
  const account = env.COMPANY_ACCOUNT.getByName(payment.companyId);
  for (const movement of movementsOf(payment, payment.paymentIntentId)) {
    const posted = await account.postTotal({
      ...movement,
      revision: payment.revision,
      reference: { payment_id: payment.id },
    });
    if (!posted.ok) return posted;
  }
  return ok();
}

function movementsOf(payment: PaymentRow, intent: string) {
  const isPaid = payment.status === "paid";
  // A subscription's credit is granted with its period, and expires with it.
  const credit = payment.purpose === "subscription" || !isPaid ? 0 : payment.creditNanoUsd;
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
      totalNanoUsd: -shareOf(payment, isPaid ? payment.refundedMinor : 0),
      description: "Refund of a payment",
    },
    {
      series: `dispute/${intent}`,
      kind: "dispute" as const,
      totalNanoUsd: -shareOf(payment, isPaid ? payment.disputedMinor : 0),
      freezes: isPaid && payment.disputeOpen,
      description: "Disputed payment",
    },
  ];
}

/** The part of the credit that an amount taken back stands for, rounded up: the platform never gives twice. */
export function shareOf(payment: PaymentRow, takenMinor: number): number {
  const paid = BigInt(payment.amountMinor);
  if (paid === 0n || takenMinor === 0) return 0;
  return Number((BigInt(payment.creditNanoUsd) * BigInt(takenMinor) + paid - 1n) / paid);
}
