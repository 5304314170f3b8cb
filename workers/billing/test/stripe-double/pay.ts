import type { Books, Card, Dispute, Intent, Refund, Session } from "./books.ts";

/** Tries to take an intent from a card, as a bank would. */
export function confirm(books: Books, intent: Intent, card: Card): void {
  if (card.declines !== null) {
    intent.status = "requires_payment_method";
    intent.last_payment_error = { code: card.declines };
    books.tell("payment_intent.payment_failed", intent);
    return;
  }
  intent.payment_method = card.id;
  succeed(books, intent, card.fingerprint);
}

function succeed(books: Books, intent: Intent, fingerprint: string): void {
  const charge = {
    id: books.newId("ch"),
    object: "charge" as const,
    amount: intent.amount,
    currency: intent.currency,
    amount_refunded: 0,
    disputed: false,
    payment_intent: intent.id,
    payment_method_details: { card: { fingerprint } },
  };
  Object.assign(intent, { status: "succeeded", amount_received: intent.amount, latest_charge: charge });
  books.move(intent.amount, intent.currency, charge);
  books.tell("payment_intent.succeeded", intent);
  books.tell("charge.succeeded", charge);
}

/** The customer pays at the page: at once, or by a method that takes days (`unpaid` until it is decided). */
export function paySession(books: Books, session: Session, how: { fingerprint: string; isAsync: boolean }): void {
  const intent: Intent = {
    id: books.newId("pi"),
    object: "payment_intent",
    amount: session.amount_total,
    amount_received: 0,
    currency: session.currency,
    customer: session.customer,
    payment_method: null,
    livemode: false,
    metadata: session.metadata,
    status: "processing",
    latest_charge: null,
    last_payment_error: null,
  };
  books.intents.set(intent.id, intent);
  Object.assign(session, { payment_intent: intent, status: "complete" });
  if (!how.isAsync) {
    // The card that was entered is kept for later: `setup_future_usage`.
    const card = { id: books.newId("pm"), object: "payment_method" as const, customer: session.customer };
    books.cards.set(card.id, { ...card, fingerprint: how.fingerprint, declines: null });
    intent.payment_method = card.id;
    succeed(books, intent, how.fingerprint);
    session.payment_status = "paid";
  }
  books.tell("checkout.session.completed", { ...session, payment_intent: intent.id });
}

export function settleSession(books: Books, session: Session, how: { fingerprint: string; isPaid: boolean }): void {
  const intent = session.payment_intent;
  if (intent === null) return;
  if (how.isPaid) {
    succeed(books, intent, how.fingerprint);
    session.payment_status = "paid";
  } else {
    intent.status = "requires_payment_method";
    intent.last_payment_error = { code: "debit_not_authorized" };
  }
  const type = how.isPaid ? "async_payment_succeeded" : "async_payment_failed";
  books.tell(`checkout.session.${type}`, { ...session, payment_intent: intent.id });
}

export function refund(books: Books, intent: Intent, amount: number): Refund {
  const made: Refund = {
    id: books.newId("re"),
    object: "refund",
    amount,
    currency: intent.currency,
    payment_intent: intent.id,
    status: "succeeded",
  };
  books.refunds.set(made.id, made);
  if (intent.latest_charge !== null) {
    intent.latest_charge.amount_refunded += amount;
    books.tell("charge.refunded", intent.latest_charge);
  }
  books.move(-amount, intent.currency, made);
  books.tell("refund.created", made);
  return made;
}

/** The money of a refund did not arrive and came back, days later. */
export function failRefund(books: Books, id: string): object {
  const made = books.refunds.get(id);
  const intent = made === undefined ? undefined : books.intents.get(made.payment_intent);
  if (made === undefined || intent === undefined) return {};
  made.status = "failed";
  if (intent.latest_charge !== null) intent.latest_charge.amount_refunded -= made.amount;
  books.move(made.amount, intent.currency, made);
  books.tell("refund.failed", made);
  return made;
}

export function dispute(books: Books, intent: Intent, amount: number): Dispute {
  const made: Dispute = {
    id: books.newId("du"),
    object: "dispute",
    amount,
    currency: intent.currency,
    payment_intent: intent.id,
    status: "needs_response",
  };
  books.disputes.set(made.id, made);
  if (intent.latest_charge !== null) intent.latest_charge.disputed = true;
  books.move(-amount, intent.currency, made);
  books.tell("charge.dispute.created", made);
  books.tell("charge.dispute.funds_withdrawn", made);
  return made;
}

export function closeDispute(books: Books, made: Dispute, isWon: boolean): void {
  made.status = isWon ? "won" : "lost";
  const intent = books.intents.get(made.payment_intent);
  if (isWon && intent !== undefined) {
    books.move(made.amount, intent.currency, made);
    books.tell("charge.dispute.funds_reinstated", made);
  }
  books.tell("charge.dispute.closed", made);
}
