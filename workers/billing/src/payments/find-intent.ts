import type { Stripe } from "stripe";
import type { PaymentRow } from "../db/payments.ts";

/** Older payments of a customer than these are not looked through for one whose creation was never answered. */
const MAX_LOOKED_AT = 1_000;
const CLOCK_SKEW_SECONDS = 600;

/**
 * The PaymentIntent that was made for an order although its creation was never answered; null when there
 * is none. Asks for the customer's newest, which Stripe lists at once (its search lags). Throws when Stripe
 * does not answer.
 */
export async function findIntent(stripe: Stripe, order: PaymentRow): Promise<string | null> {
  const gte = Math.floor(order.createdAtMs / 1000) - CLOCK_SKEW_SECONDS;
  const made = await stripe.paymentIntents
    .list({ customer: order.customerId, created: { gte }, limit: 100 })
    .autoPagingToArray({ limit: MAX_LOOKED_AT });
  return made.find((intent) => intent.metadata["payment_id"] === order.id)?.id ?? null;
}
