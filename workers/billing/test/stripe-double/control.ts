import { z } from "zod";
import type { Books, StripeEvent } from "./books.ts";
import { failRefund, closeDispute, dispute, paySession, refund, settleSession } from "./pay.ts";
import { signEvent } from "./sign-event.ts";

/** What the double does wrong, the next `times` times that a call begins with `match` and mentions `about`. */
export interface Fault {
  readonly match: string;
  /** Tests share the double: without an id of its own, a fault would hit another test. */
  readonly about: string;
  /** `error`: 500 and nothing done. `lose_reply`: done, and the answer never comes. */
  readonly kind: "error" | "lose_reply";
  times: number;
}

export interface Call {
  readonly call: string;
  readonly idempotencyKey: string | null;
}

/** What tests may say: as customers, as banks, as an operator at Stripe's dashboard, and as bad luck. */
export const Order = z.strictObject({
  session: z.string().default(""),
  payment_intent: z.string().default(""),
  payment_id: z.string().default(""),
  dispute: z.string().default(""),
  refund: z.string().default(""),
  card: z.string().default(""),
  customer: z.string().default(""),
  fingerprint: z.string().default("fp_default"),
  declines: z.string().nullable().default(null),
  async: z.boolean().default(false),
  paid: z.boolean().default(true),
  won: z.boolean().default(true),
  amount: z.number().int().optional(),
  by: z.number().int().default(0),
  match: z.string().default(""),
  kind: z.enum(["error", "lose_reply"]).default("error"),
  times: z.number().int().default(1),
  /** Overrides the object's or the event's own. */
  fields: z.record(z.string(), z.json()).default({}),
  about: z.string().default(""),
  /** Seconds since the signature was made. */
  age: z.number().default(0),
});
export type Order = z.infer<typeof Order>;

export interface Double {
  readonly books: Books;
  readonly faults: Fault[];
  readonly calls: readonly Call[];
  readonly webhookSecret: string;
}

/** Does what a test asks for and answers what came of it. */
export function control(double: Double, action: string, order: Order): object {
  const { books } = double;
  const session = books.sessions.get(order.session);
  const intent = books.intents.get(order.payment_intent);
  switch (action) {
    case "pay-session":
      if (session !== undefined) paySession(books, session, { fingerprint: order.fingerprint, isAsync: order.async });
      return session?.payment_intent ?? {};
    case "settle-session":
      if (session !== undefined) settleSession(books, session, { fingerprint: order.fingerprint, isPaid: order.paid });
      return {};
    case "expire-session":
      if (session !== undefined) session.status = "expired";
      books.tell("checkout.session.expired", session ?? {});
      return {};
    case "save-card":
      return saveCard(books, order);
    case "change-card": {
      const card = books.cards.get(order.card);
      if (card !== undefined) card.declines = order.declines;
      return {};
    }
    case "refund":
      return intent === undefined ? {} : refund(books, intent, order.amount ?? intent.amount);
    case "fail-refund":
      return failRefund(books, order.refund);
    case "dispute":
      return intent === undefined ? {} : dispute(books, intent, order.amount ?? intent.amount);
    case "close-dispute": {
      const made = books.disputes.get(order.dispute);
      if (made !== undefined) closeDispute(books, made, order.won);
      return {};
    }
    default:
      return look(double, action, order);
  }
}

function look(double: Double, action: string, order: Order): object {
  const { books, faults, calls } = double;
  switch (action) {
    case "fault":
      if (order.about === "") throw new Error("a fault must say what it is about");
      faults.push({ match: order.match, about: order.about, kind: order.kind, times: order.times });
      return {};
    case "move-unknown":
      return moveUnknown(books, order);
    case "alter-transaction": {
      const altered = books.transactions.find(({ source }) => source.payment_intent === order.payment_intent);
      if (altered !== undefined) altered.amount += order.by;
      return altered ?? {};
    }
    case "drop-transactions": {
      const kept = books.transactions.filter(({ source }) => source.payment_intent !== order.payment_intent);
      books.transactions.splice(0, books.transactions.length, ...kept);
      return {};
    }
    case "alter-intent":
      return Object.assign(books.intents.get(order.payment_intent) ?? {}, order.fields);
    case "session":
      return books.sessions.get(order.session) ?? {};
    case "intents":
      return {
        data: [...books.intents.values()].filter(({ metadata }) => metadata["payment_id"] === order.payment_id),
      };
    case "refunds":
      return { data: [...books.refunds.values()].filter((made) => made.payment_intent === order.payment_intent) };
    case "events":
      return { data: books.events.filter((event) => isAbout(event, order.about)).map((event) => signed(event)) };
    case "calls":
      return { data: calls.filter(({ call }) => call.startsWith(order.match)) };
    default:
      throw new Error(`the double does not know ${action}`);
  }

  function signed(event: StripeEvent) {
    return signEvent({ ...event, ...order.fields }, double.webhookSecret, order.age);
  }
}

function saveCard(books: Books, order: Order): object {
  const { customer, fingerprint, declines } = order;
  const id = books.newId("pm");
  books.cards.set(id, { id, object: "payment_method", customer, fingerprint, declines });
  return { id };
}

/** Money that moves for a payment that the platform never made. */
function moveUnknown(books: Books, order: Order): object {
  return books.move(order.amount ?? 100, "usd", {
    id: books.newId("ch"),
    object: "charge",
    amount: order.amount ?? 100,
    currency: "usd",
    amount_refunded: 0,
    disputed: false,
    payment_intent: books.newId("pi"),
    payment_method_details: { card: { fingerprint: order.fingerprint } },
  });
}

function isAbout(event: StripeEvent, needle: string): boolean {
  return JSON.stringify(event).includes(needle);
}
