import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

export const PAYMENT_STATUSES = ["created", "processing", "paid", "failed", "rejected"] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** One payment: a top-up, an automatic one, or a subscription's fee. */
export interface PaymentView {
  readonly id: string;
  readonly purpose: "topup" | "auto_topup" | "subscription";
  readonly status: PaymentStatus;
  readonly currency: string;
  /** Minor units of `currency`, as Stripe counts them. */
  readonly amount_minor: number;
  /** What the company gets for it. */
  readonly credit_nano_usd: number;
  readonly refunded_minor: number;
  readonly disputed_minor: number;
  readonly failure_code: string | null;
  /** Where to pay; null once it is decided, and for a saved card. */
  readonly checkout_url: string | null;
  readonly created_at: string;
  readonly paid_at: string | null;
}

export interface PaymentMethodView {
  readonly id: string;
  readonly brand: string;
  readonly last4: string;
  readonly exp_month: number;
  readonly exp_year: number;
}

export interface PaymentMethodsView {
  readonly data: readonly PaymentMethodView[];
}

/** A page of Stripe to send the person to. */
export interface RedirectView {
  readonly url: string;
}

export interface AutoTopupView {
  readonly enabled: boolean;
  readonly threshold_nano_usd: number;
  readonly amount_nano_usd: number;
  readonly monthly_cap_nano_usd: number;
  readonly payment_method: string | null;
  readonly in_flight: boolean;
  readonly failures: number;
}

export interface ReferralView {
  /** The company that was brought. */
  readonly company_id: string;
  readonly status: "pending" | "active" | "void";
  readonly commission_bps: number | null;
  readonly earned_nano_usd: number;
  readonly ends_at: string | null;
  readonly created_at: string;
}

/** Who brought whom, as auth found it at registration. */
export interface ReferralAttribution {
  readonly referee_company_id: string;
  readonly referrer_company_id: string;
}

export interface StatementLine {
  readonly kind: string;
  readonly model: string | null;
  readonly key_id: string | null;
  readonly entries: number;
  /** Signed: charges negative. */
  readonly amount_nano_usd: number;
}

/** One month of the ledger: opening + Σ lines = closing, to the nano-USD. */
export interface StatementView {
  /** `2026-11`, UTC. */
  readonly month: string;
  readonly company_id: string;
  /** False while the month runs: it still changes. */
  readonly is_closed: boolean;
  readonly opening_nano_usd: number;
  readonly credits_nano_usd: number;
  readonly charges_nano_usd: number;
  readonly closing_nano_usd: number;
  readonly opening: string;
  readonly closing: string;
  readonly lines: readonly StatementLine[];
}

/** A statement as a file; the gateway sends it as it is. */
export interface StatementFile {
  readonly content_type: string;
  readonly file_name: string;
  readonly body: string;
}

export interface StripeFindingView {
  readonly id: string;
  /** `2026-11-23`, UTC. */
  readonly day: string;
  readonly kind: string;
  readonly company_id: string | null;
  readonly payment_id: string | null;
  /** Stripe's id of what differs. */
  readonly reference: string;
  readonly currency: string;
  readonly expected_minor: number;
  readonly found_minor: number;
}

/** `units` of a currency are worth `nano_usd`, exactly. */
export interface FxRateView {
  readonly currency: string;
  readonly nano_usd: number;
  readonly units: number;
}

/** What became of a webhook: `ignored` when it is about nothing of ours. */
export interface WebhookReceipt {
  readonly received: true;
  readonly outcome: "accepted" | "ignored";
}

/**
 * Payments by Stripe, referrals and statements. Where Stripe is not configured, its operations answer
 * `not_found`, as if their routes did not exist, and the rest works. With an `Idempotency-Key` a mutation is
 * carried out once and answered alike for 24 h.
 */
export interface PaymentsApi {
  /** Begins a top-up: at Stripe's page, or at once with `payment_method`. */
  createTopup(context: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null): Answer<PaymentView>;
  listPayments(context: CallContext, actor: Actor, query: unknown): Answer<Page<PaymentView>>;
  getPayment(context: CallContext, actor: Actor, id: string): Answer<PaymentView>;
  listPaymentMethods(context: CallContext, actor: Actor): Answer<PaymentMethodsView>;
  /** Stripe's page that takes a card. */
  addPaymentMethod(context: CallContext, actor: Actor, idempotencyKey: string | null): Answer<RedirectView>;
  removePaymentMethod(context: CallContext, actor: Actor, id: string, idempotencyKey: string | null): Answer<void>;
  /** Stripe's page for cards and receipts. */
  openPortal(context: CallContext, actor: Actor, idempotencyKey: string | null): Answer<RedirectView>;
  autoTopup(context: CallContext, actor: Actor): Answer<AutoTopupView>;
  setAutoTopup(
    context: CallContext,
    actor: Actor,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<AutoTopupView>;
  /** Platform admins only: gives a payment back, in whole or in part. */
  refundPayment(
    context: CallContext,
    actor: Actor,
    id: string,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<PaymentView>;
  /** Platform admins only: what a foreign currency is worth, as an exact ratio. */
  setFxRate(
    context: CallContext,
    actor: Actor,
    currency: string,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<FxRateView>;
  /** Stripe's webhook. `body` is the raw text: the signature is over its bytes. `invalid_request` for whatever does not verify. */
  receiveStripeEvent(context: CallContext, body: string, signature: string | null): Answer<WebhookReceipt>;
  /** For the gateway after a registration, from what auth answered; never with input of a client. The first attribution stays. */
  attributeReferral(context: CallContext, attribution: ReferralAttribution): Answer<void>;
  referrals(context: CallContext, actor: Actor, query: unknown): Answer<Page<ReferralView>>;
  /** The months that there are statements of, newest first. */
  listStatements(context: CallContext, actor: Actor, query: unknown): Answer<Page<StatementView>>;
  getStatement(context: CallContext, actor: Actor, month: string): Answer<StatementView>;
  /** `csv` (safe to open in a spreadsheet) or `html` (to print). */
  exportStatement(context: CallContext, actor: Actor, month: string, format: string): Answer<StatementFile>;
  /** Platform admins only: what the daily comparison with Stripe's balance transactions found. */
  stripeFindings(context: CallContext, actor: Actor, query: unknown): Answer<Page<StripeFindingView>>;
  /** Platform admins only: compares one day (`2026-11-23`, UTC) now. */
  reconcileStripe(
    context: CallContext,
    actor: Actor,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<Page<StripeFindingView>>;
}
