import type { Stripe } from "stripe";

/** What an event is about; its amounts and states are not looked at: they are read from Stripe. */
export interface EventSubject {
  /** Our id, where the object carries it. */
  readonly paymentId: string | null;
  readonly sessionId: string | null;
  readonly intentId: string | null;
}

/** The payment that an event is about; null for events that are not about payments. */
export function subjectOf(event: Stripe.Event): EventSubject | null {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- Stripe has hundreds of types and adds more
  switch (event.type) {
    case "checkout.session.completed":
    case "checkout.session.async_payment_succeeded":
    case "checkout.session.async_payment_failed":
    case "checkout.session.expired": {
      const session = event.data.object;
      return { paymentId: session.client_reference_id, sessionId: session.id, intentId: null };
    }
    case "payment_intent.succeeded":
    case "payment_intent.processing":
    case "payment_intent.payment_failed":
    case "payment_intent.canceled":
      return byIntent(event.data.object.metadata["payment_id"], event.data.object.id);
    case "charge.succeeded":
    case "charge.refunded":
    case "charge.updated":
    case "refund.created":
    case "refund.updated":
    case "refund.failed":
    case "charge.dispute.created":
    case "charge.dispute.updated":
    case "charge.dispute.closed":
    case "charge.dispute.funds_withdrawn":
    case "charge.dispute.funds_reinstated": {
      const intent = event.data.object.payment_intent;
      return byIntent(undefined, typeof intent === "string" ? intent : (intent?.id ?? null));
    }
    default:
      return null;
  }
}

function byIntent(paymentId: string | undefined, intentId: string | null): EventSubject | null {
  return intentId === null ? null : { paymentId: paymentId ?? null, sessionId: null, intentId };
}
