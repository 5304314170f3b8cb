import { Stripe } from "stripe";
import { openDatabase } from "../db/client.ts";
import { attachIntent, failPayment, findPayment, type PaymentRow } from "../db/payments.ts";
import type { Env } from "../env.ts";
import type { StripeAccess } from "./stripe-client.ts";
import { syncPayment } from "./sync-payment.ts";

/**
 * Takes an order from its saved card, with nobody present. Every try carries the order's own idempotency
 * key, so a lost answer, a double click or a restart is still one PaymentIntent. Returns the order as
 * it stands: `paid`, `failed` (declined), or still `created` or `processing`. Throws when Stripe does
 * not answer: whether it acted is then unknown, and a later call finds out.
 */
export async function chargeCard(env: Env, stripe: StripeAccess, order: PaymentRow): Promise<PaymentRow> {
  const db = openDatabase(env.DB);
  if (order.status !== "created" && order.status !== "processing") return order;
  if (order.paymentIntentId === null && order.paymentMethodId !== null) {
    const intentId = await createIntent(stripe.client, order, order.paymentMethodId);
    if (intentId.ok) await attachIntent(db, order.id, intentId.id);
    else await failPayment(db, order, intentId.code, Date.now());
  }
  const synced = await syncPayment(env, stripe, order.id);
  return synced ?? (await findPayment(db, order.id)) ?? order;
}

type Created = { readonly ok: true; readonly id: string } | { readonly ok: false; readonly code: string };

async function createIntent(stripe: Stripe, order: PaymentRow, paymentMethodId: string): Promise<Created> {
  try {
    const intent = await stripe.paymentIntents.create(
      {
        amount: order.amountMinor,
        currency: order.currency,
        customer: order.customerId,
        payment_method: paymentMethodId,
        off_session: true,
        confirm: true,
        metadata: { payment_id: order.id },
      },
      { idempotencyKey: `payment-${order.id}` },
    );
    return { ok: true, id: intent.id };
  } catch (error) {
    // A declined card is an answer: the intent exists and says why.
    if (error instanceof Stripe.errors.StripeCardError) {
      return error.payment_intent === undefined ? failed(error.code) : { ok: true, id: error.payment_intent.id };
    }
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return failed(error.code);
    throw error;
  }
}

function failed(code: string | undefined): Created {
  return { ok: false, code: code ?? "refused" };
}
