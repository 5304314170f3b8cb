/** The double's objects: only the fields that the platform reads, in Stripe's own shapes. */
export interface Card {
  readonly id: string;
  readonly object: "payment_method";
  customer: string | null;
  readonly fingerprint: string;
  /** Code with which it is refused; null: it pays. */
  declines: string | null;
}

export interface Charge {
  readonly id: string;
  readonly object: "charge";
  readonly amount: number;
  readonly currency: string;
  amount_refunded: number;
  disputed: boolean;
  readonly payment_intent: string;
  readonly payment_method_details: { readonly card: { readonly fingerprint: string } };
}

export interface Intent {
  readonly id: string;
  readonly object: "payment_intent";
  readonly amount: number;
  amount_received: number;
  readonly currency: string;
  readonly customer: string;
  payment_method: string | null;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  status: string;
  latest_charge: Charge | null;
  last_payment_error: { readonly code: string } | null;
}

export interface Session {
  readonly id: string;
  readonly object: "checkout.session";
  readonly mode: string;
  readonly url: string;
  readonly amount_total: number;
  readonly currency: string;
  readonly customer: string;
  readonly client_reference_id: string | null;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  status: "open" | "complete" | "expired";
  payment_status: "unpaid" | "paid";
  payment_intent: Intent | null;
}

export interface Refund {
  readonly id: string;
  readonly object: "refund";
  readonly amount: number;
  readonly currency: string;
  readonly payment_intent: string;
  status: string;
}

export interface Dispute {
  readonly id: string;
  readonly object: "dispute";
  readonly amount: number;
  readonly currency: string;
  readonly payment_intent: string;
  status: string;
}

export interface BalanceTransaction {
  readonly id: string;
  readonly object: "balance_transaction";
  amount: number;
  readonly currency: string;
  readonly created: number;
  readonly source: Charge | Refund | Dispute;
}

export interface StripeEvent {
  readonly id: string;
  readonly object: "event";
  readonly type: string;
  readonly livemode: boolean;
  readonly created: number;
  readonly data: { readonly object: object };
}

/** Everything that the double remembers. */
export class Books {
  readonly customers = new Map<string, { readonly id: string; readonly object: "customer" }>();
  readonly cards = new Map<string, Card>();
  readonly sessions = new Map<string, Session>();
  readonly intents = new Map<string, Intent>();
  readonly refunds = new Map<string, Refund>();
  readonly disputes = new Map<string, Dispute>();
  readonly transactions: BalanceTransaction[] = [];
  readonly events: StripeEvent[] = [];
  #next = 0;

  newId(prefix: string): string {
    this.#next += 1;
    return `${prefix}_${Date.now().toString(36)}${this.#next.toString(36).padStart(4, "0")}`;
  }

  /** Remembers an event about an object, as it is now. */
  tell(type: string, object: object): void {
    const created = Math.floor(Date.now() / 1000);
    const data = { object: JSON.parse(JSON.stringify(object)) as object };
    this.events.push({ id: this.newId("evt"), object: "event", type, livemode: false, created, data });
  }

  move(amount: number, currency: string, source: BalanceTransaction["source"]): BalanceTransaction {
    const created = Math.floor(Date.now() / 1000);
    const id = this.newId("txn");
    const moved: BalanceTransaction = { id, object: "balance_transaction", amount, currency, created, source };
    this.transactions.push(moved);
    return moved;
  }
}
