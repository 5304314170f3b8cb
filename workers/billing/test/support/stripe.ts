import { env } from "cloudflare:workers";

/** Acts at the double: as a customer, a bank, an operator or bad luck. See `test/stripe-double/control.ts`. */
export async function atStripe<Told = object>(action: string, order: object = {}): Promise<Told> {
  const response = await fetch(`${env.STRIPE_API_BASE}/double/${action}`, {
    method: "POST",
    body: JSON.stringify(order),
  });
  if (!response.ok) throw new Error(`the double refused ${action}`);
  return response.json<Told>();
}

export interface SignedEvent {
  readonly body: string;
  readonly signature: string;
}

interface EventsWanted {
  readonly about: string;
  /** Overrides of the event's own fields, signed with them. */
  readonly fields?: object;
  /** Seconds since it was signed. */
  readonly age?: number;
}

/** The events so far that mention an id, oldest first, as they would be delivered. */
export async function eventsAbout(wanted: EventsWanted): Promise<readonly SignedEvent[]> {
  return (await atStripe<{ data: SignedEvent[] }>("events", wanted)).data;
}

/** How often Stripe was called so; the keys are those of its idempotency. */
export async function callsTo(match: string): Promise<readonly { call: string; idempotencyKey: string | null }[]> {
  return (await atStripe<{ data: { call: string; idempotencyKey: string | null }[] }>("calls", { match })).data;
}

export interface IntentAtStripe {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
}

/** The PaymentIntents that Stripe made for one of our orders. */
export async function intentsOf(paymentId: string): Promise<readonly IntentAtStripe[]> {
  return (await atStripe<{ data: IntentAtStripe[] }>("intents", { payment_id: paymentId })).data;
}
