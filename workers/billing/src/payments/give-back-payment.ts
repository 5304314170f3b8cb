import type { PaymentRow } from "../db/payments.ts";
import { Stripe } from "stripe";
import type { StripeAccess } from "./stripe-client.ts";

const ALREADY = "charge_already_refunded";

/**
 * Gives a whole payment back because what it was for could not be done: the compensation of a flow.
 * Idempotent: the key is the order's. The ledger follows by `syncPayment` or by Stripe's event.
 */
export async function giveBackPayment(stripe: StripeAccess, payment: PaymentRow): Promise<void> {
  if (payment.paymentIntentId === null || payment.refundedMinor >= payment.amountMinor) return;
  try {
    await stripe.client.refunds.create(
      {
        payment_intent: payment.paymentIntentId,
        reason: "requested_by_customer",
        metadata: { payment_id: payment.id },
      },
      { idempotencyKey: `give-back-${payment.id}` },
    );
  } catch (error) {
    // Somebody was faster, at Stripe's dashboard or in another run.
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError) || error.code !== ALREADY) throw error;
  }
}
