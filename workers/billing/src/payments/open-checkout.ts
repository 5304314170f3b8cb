import type { Database } from "../db/client.ts";
import { attachCheckout, findPayment, type PaymentRow } from "../db/payments.ts";
import { type Env, paymentConfig } from "../env.ts";
import type { StripeAccess } from "./stripe-client.ts";

/**
 * Opens Stripe's page for an order and returns the order with its address. The card is kept for later
 * payments that the company asks for. Idempotent: the key is the order's. An order that was given up stays so.
 */
export async function openCheckout(
  env: Env,
  db: Database,
  stripe: StripeAccess,
  order: PaymentRow,
  description: string,
): Promise<PaymentRow> {
  if (order.checkoutSessionId !== null || order.status !== "created") return order;
  const { consoleUrl } = paymentConfig(env);
  const metadata = { payment_id: order.id };
  const session = await stripe.client.checkout.sessions.create(
    {
      mode: "payment",
      customer: order.customerId,
      client_reference_id: order.id,
      metadata,
      payment_intent_data: { metadata, setup_future_usage: "off_session" },
      line_items: [
        {
          quantity: 1,
          price_data: {
            currency: order.currency,
            unit_amount: order.amountMinor,
            product_data: { name: description },
          },
        },
      ],
      success_url: `${consoleUrl}?payment=${order.id}`,
      cancel_url: `${consoleUrl}?payment=${order.id}&canceled=1`,
    },
    { idempotencyKey: `checkout-${order.id}` },
  );
  await attachCheckout(db, order.id, { id: session.id, url: session.url });
  return (await findPayment(db, order.id)) ?? order;
}
