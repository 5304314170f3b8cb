import type { WebhookReceipt } from "@aggregator/contracts/payments";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { Stripe } from "stripe";
import { openDatabase } from "../db/client.ts";
import { attachIntent, findPayment, findPaymentByIntent, type PaymentRow } from "../db/payments.ts";
import { type Env, paymentConfig } from "../env.ts";
import { startFlow } from "../workflows/start-flow.ts";
import { withStripe } from "./call-stripe.ts";
import { type EventSubject, subjectOf } from "./event-subject.ts";
import type { StripeAccess } from "./stripe-client.ts";

const MAX_AGE_SECONDS = 300;
const cryptoProvider = Stripe.createSubtleCryptoProvider();

/**
 * Stripe's webhook. Refused (`invalid_request`): what Stripe did not sign over exactly these bytes, what is
 * older than five minutes, and events of the other mode than our key's. `not_found` when no secret is
 * set: fails closed. An accepted event only starts a run that reads the payment at Stripe, so a repeat,
 * a reordering or a second type of event for one payment changes nothing. https://docs.stripe.com/webhooks
 */
export async function receiveStripeEvent(env: Env, body: string, signature: string | null): Answer<WebhookReceipt> {
  return withStripe<WebhookReceipt>(env, async (stripe) => {
    const secret = stripe.config.webhookSecret;
    if (secret === null) return err("not_found", "There is nothing at this path.");
    const event = await verify(stripe, body, signature, secret);
    if (event === null) {
      paymentConfig(env).log.warn("webhook.refused", { reason: "signature" });
      return err("invalid_request", "stripe-signature: does not verify.", { param: "stripe-signature" });
    }
    if (event.livemode !== stripe.config.livemode) {
      paymentConfig(env).log.warn("webhook.refused", { reason: "mode" });
      return err("invalid_request", "livemode: this event is of another mode than this platform.", {
        param: "livemode",
      });
    }
    const subject = subjectOf(event);
    const order = subject === null ? undefined : await findOrder(env, stripe, subject);
    if (subject === null || order === undefined) return ok({ received: true, outcome: "ignored" });
    // A saved card's intent whose creation was never answered: now we know its id.
    if (order.checkoutSessionId === null && subject.intentId !== null) {
      await attachIntent(openDatabase(env.DB), order.id, subject.intentId);
    }
    await startFlow(env.PAYMENT_FLOW, instanceId(event.id), { paymentId: order.id });
    return ok({ received: true, outcome: "accepted" });
  });
}

async function verify(
  stripe: StripeAccess,
  body: string,
  signature: string | null,
  secret: string,
): Promise<Stripe.Event | null> {
  try {
    const { webhooks } = stripe.client;
    return await webhooks.constructEventAsync(body, signature ?? "", secret, MAX_AGE_SECONDS, cryptoProvider);
  } catch {
    return null;
  }
}

/** The order that an event is about. An intent that we do not know yet is asked for the order that it was made for. */
async function findOrder(env: Env, stripe: StripeAccess, subject: EventSubject): Promise<PaymentRow | undefined> {
  const db = openDatabase(env.DB);
  if (subject.paymentId !== null) {
    const order = await findPayment(db, subject.paymentId);
    const isOurs = subject.sessionId === null || order?.checkoutSessionId === subject.sessionId;
    return isOurs ? order : undefined;
  }
  if (subject.intentId === null) return undefined;
  const known = await findPaymentByIntent(db, subject.intentId);
  if (known !== undefined) return known;
  const named = await orderNamedBy(stripe, subject.intentId);
  return named === undefined ? undefined : findPayment(db, named);
}

/** undefined also for an intent that Stripe does not know: a repeat of the event would not change that. */
async function orderNamedBy(stripe: StripeAccess, intentId: string): Promise<string | undefined> {
  try {
    const intent = await stripe.client.paymentIntents.retrieve(intentId);
    return intent.metadata["payment_id"];
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError) return undefined;
    throw error;
  }
}

/** Ids of instances are letters, digits, - and _, at most 100. */
function instanceId(eventId: string): string {
  return eventId.replaceAll(/[^A-Za-z0-9_-]/g, "_").slice(0, 100);
}
