import type { Books, Intent, Session } from "./books.ts";
import { confirm, refund } from "./pay.ts";

export interface ApiCall {
  readonly method: string;
  readonly path: string;
  /** Form or query parameters, flat: `metadata[payment_id]`. */
  readonly params: URLSearchParams;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

/** Stripe's API, as far as the platform uses it. */
export function answerApi(books: Books, call: ApiCall): ApiAnswer {
  const [resource = "", id = "", action = ""] = call.path.replace(/^\/v1\//, "").split("/");
  switch (`${call.method} ${resource}`) {
    case "POST customers":
      return ok(put(books.customers, { id: books.newId("cus"), object: "customer" }));
    case "GET customers":
      return ok(list([...books.cards.values()].filter((card) => card.customer === id).map(cardView)));
    case "POST checkout":
      return ok(createSession(books, call.params));
    case "GET checkout":
      return found(books.sessions.get(action), `No such session: ${action}`);
    case "POST billing_portal":
      return ok(createPortal(books));
    case "POST payment_intents":
      return createIntent(books, call.params);
    case "GET payment_intents":
      if (id === "")
        return ok(list([...books.intents.values()].filter((one) => one.customer === call.params.get("customer"))));
      return found(books.intents.get(id), `No such payment_intent: ${id}`);
    case "POST payment_methods":
      return detach(books, id);
    case "GET payment_methods": {
      const card = books.cards.get(id);
      return found(card === undefined ? undefined : cardView(card), `No such payment_method: ${id}`);
    }
    case "POST refunds":
      return createRefund(books, call.params);
    case "GET refunds":
      return ok(list(byIntent(books.refunds.values(), call.params)));
    case "GET disputes":
      return ok(list(byIntent(books.disputes.values(), call.params)));
    case "GET balance_transactions":
      return ok(listTransactions(books, call.params));
    default:
      return refused(404, "resource_missing", `Unrecognized request: ${call.method} ${call.path}`);
  }
}

/** A page of its own for each session. */
function createPortal(books: Books): object {
  const id = books.newId("bps");
  return { id, object: "billing_portal.session", url: `https://billing.stripe.test/${id}` };
}

function createSession(books: Books, params: URLSearchParams): Session {
  const id = books.newId("cs_test");
  return put(books.sessions, {
    id,
    object: "checkout.session",
    mode: params.get("mode") ?? "payment",
    url: `https://checkout.stripe.test/${id}`,
    amount_total: Number(params.get("line_items[0][price_data][unit_amount]") ?? 0),
    currency: params.get("line_items[0][price_data][currency]") ?? "usd",
    customer: params.get("customer") ?? "",
    client_reference_id: params.get("client_reference_id"),
    livemode: false,
    metadata: metadataOf(params),
    status: "open",
    payment_status: "unpaid",
    payment_intent: null,
  });
}

function createIntent(books: Books, params: URLSearchParams): ApiAnswer {
  const card = books.cards.get(params.get("payment_method") ?? "");
  if (card === undefined) return refused(400, "resource_missing", "No such payment_method");
  const intent: Intent = {
    id: books.newId("pi"),
    object: "payment_intent",
    amount: Number(params.get("amount")),
    amount_received: 0,
    currency: params.get("currency") ?? "usd",
    customer: params.get("customer") ?? "",
    payment_method: null,
    livemode: false,
    metadata: metadataOf(params),
    status: "requires_confirmation",
    latest_charge: null,
    last_payment_error: null,
  };
  books.intents.set(intent.id, intent);
  confirm(books, intent, card);
  if (intent.last_payment_error === null) return ok(intent);
  const error = {
    type: "card_error",
    code: intent.last_payment_error.code,
    message: "declined",
    payment_intent: intent,
  };
  return { status: 402, body: { error } };
}

function createRefund(books: Books, params: URLSearchParams): ApiAnswer {
  const intent = books.intents.get(params.get("payment_intent") ?? "");
  const charge = intent?.latest_charge ?? null;
  if (intent === undefined || charge === null) return refused(400, "resource_missing", "No such payment_intent");
  const left = charge.amount - charge.amount_refunded;
  const amount = Number(params.get("amount") ?? left);
  if (amount > left || amount === 0) return refused(400, "charge_already_refunded", "already refunded");
  return ok(refund(books, intent, amount));
}

function detach(books: Books, id: string): ApiAnswer {
  const card = books.cards.get(id);
  if (card === undefined) return refused(404, "resource_missing", "No such payment_method");
  card.customer = null;
  return ok(cardView(card));
}

function listTransactions(books: Books, params: URLSearchParams): object {
  const from = Number(params.get("created[gte]") ?? 0);
  const to = Number(params.get("created[lt]") ?? Infinity);
  const limit = Number(params.get("limit") ?? 10);
  const sourceId = params.get("source");
  const all = books.transactions.filter(
    ({ created, source }) => created >= from && created < to && (sourceId === null || source.id === sourceId),
  );
  const after = params.get("starting_after");
  const start = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  const data = all.slice(start, start + limit);
  return { object: "list", data, has_more: start + limit < all.length, url: "/v1/balance_transactions" };
}

function cardView(card: {
  readonly id: string;
  readonly customer: string | null;
  readonly fingerprint: string;
}): object {
  const { id, customer, fingerprint } = card;
  const details = { brand: "visa", last4: "4242", exp_month: 12, exp_year: 2031, fingerprint };
  return { id, object: "payment_method", type: "card", customer, card: details };
}

function byIntent<Item extends { readonly payment_intent: string }>(items: Iterable<Item>, params: URLSearchParams) {
  return [...items].filter((item) => item.payment_intent === params.get("payment_intent"));
}

function metadataOf(params: URLSearchParams): Record<string, string> {
  const paymentId = params.get("metadata[payment_id]");
  return paymentId === null ? {} : { payment_id: paymentId };
}

function put<Item extends { readonly id: string }>(items: Map<string, Item>, item: Item): Item {
  items.set(item.id, item);
  return item;
}

function list(data: readonly object[]): object {
  return { object: "list", data, has_more: false, url: "/v1/list" };
}

function ok(body: object): ApiAnswer {
  return { status: 200, body };
}

function found(body: object | undefined, message: string): ApiAnswer {
  return body === undefined ? refused(404, "resource_missing", message) : ok(body);
}

function refused(status: number, code: string, message: string): ApiAnswer {
  return { status, body: { error: { type: "invalid_request_error", code, message } } };
}
