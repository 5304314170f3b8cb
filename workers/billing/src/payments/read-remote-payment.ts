import type { Stripe } from "stripe";
import type { PaymentRow } from "../db/payments.ts";
import type { RemotePayment } from "./judge-payment.ts";

const EXPAND_SESSION = ["payment_intent.latest_charge"];
const EXPAND_INTENT = ["latest_charge"];

/** What Stripe says of an order now; null when Stripe was never told of it. Throws when Stripe does not answer. */
export async function readRemotePayment(stripe: Stripe, order: PaymentRow): Promise<RemotePayment | null> {
  if (order.checkoutSessionId !== null) {
    const session = await stripe.checkout.sessions.retrieve(order.checkoutSessionId, { expand: EXPAND_SESSION });
    const intent = session.payment_intent;
    if (intent === null || typeof intent === "string") return sessionAlone(session);
    return fromIntent(stripe, intent, session.status === "open" ? "open" : "failed");
  }
  if (order.paymentIntentId === null) return null;
  const intent = await stripe.paymentIntents.retrieve(order.paymentIntentId, { expand: EXPAND_INTENT });
  return fromIntent(stripe, intent, "failed");
}

/** A checkout that nobody has paid at yet. */
function sessionAlone(session: Stripe.Checkout.Session): RemotePayment {
  return {
    paymentIntentId: null,
    status: session.status === "expired" ? "failed" : "open",
    currency: session.currency ?? "",
    amountMinor: session.amount_total ?? 0,
    receivedMinor: 0,
    customerId: idOf(session.customer),
    paymentMethodId: null,
    livemode: session.livemode,
    chargeObjectId: null,
    cardFingerprint: null,
    failureCode: session.status === "expired" ? "checkout_expired" : null,
    refunds: [],
    disputes: [],
  };
}

/** `declined`: what a payment that was refused is, while its checkout still lets the customer try again. */
async function fromIntent(
  stripe: Stripe,
  intent: Stripe.PaymentIntent,
  declined: "open" | "failed",
): Promise<RemotePayment> {
  const charge =
    intent.latest_charge === null || typeof intent.latest_charge === "string" ? null : intent.latest_charge;
  const list = { payment_intent: intent.id, limit: 100 };
  const refunds = (charge?.amount_refunded ?? 0) > 0 ? (await stripe.refunds.list(list)).data : [];
  const disputes = charge?.disputed === true ? (await stripe.disputes.list(list)).data : [];
  return {
    paymentIntentId: intent.id,
    status: statusOf(intent, declined),
    currency: intent.currency,
    amountMinor: intent.amount,
    receivedMinor: intent.amount_received,
    customerId: idOf(intent.customer),
    paymentMethodId: idOf(intent.payment_method),
    livemode: intent.livemode,
    chargeObjectId: charge?.id ?? null,
    cardFingerprint: charge?.payment_method_details?.card?.fingerprint ?? null,
    failureCode: intent.last_payment_error?.code ?? null,
    refunds: refunds.map(({ id, amount, status }) => ({ id, amountMinor: amount, status })),
    disputes: disputes.map(({ id, amount, status }) => ({ id, amountMinor: amount, status })),
  };
}

function statusOf(intent: Stripe.PaymentIntent, declined: "open" | "failed"): RemotePayment["status"] {
  switch (intent.status) {
    case "succeeded":
      return "succeeded";
    case "processing":
    case "requires_capture":
      return "processing";
    case "canceled":
      return "failed";
    case "requires_action":
    case "requires_confirmation":
    case "requires_payment_method":
    default:
      // Waits for the customer: at an open checkout it still can be paid, without one nobody will come.
      return declined;
  }
}

function idOf(reference: string | { readonly id: string } | null): string | null {
  return typeof reference === "string" ? reference : (reference?.id ?? null);
}
