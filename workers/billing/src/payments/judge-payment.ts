import type { PaymentRow } from "../db/payments.ts";

/** What Stripe says of a payment at this moment: read from its API, never taken from an event. */
export interface RemotePayment {
  readonly paymentIntentId: string | null;
  readonly status: "open" | "processing" | "succeeded" | "failed";
  readonly currency: string;
  readonly amountMinor: number;
  readonly receivedMinor: number;
  readonly customerId: string | null;
  /** The card of the present try. */
  readonly paymentMethodId: string | null;
  readonly livemode: boolean;
  readonly chargeObjectId: string | null;
  readonly cardFingerprint: string | null;
  readonly failureCode: string | null;
  readonly refunds: readonly { readonly id: string; readonly amountMinor: number; readonly status: string | null }[];
  readonly disputes: readonly { readonly id: string; readonly amountMinor: number; readonly status: string }[];
}

/** The part of a payment's row that follows Stripe. */
export type PaymentState = Pick<
  PaymentRow,
  | "status"
  | "paymentIntentId"
  | "paymentMethodId"
  | "cardFingerprint"
  | "refundedMinor"
  | "disputedMinor"
  | "disputeOpen"
  | "failureCode"
>;

const DISPUTE_STATES: Readonly<Record<string, { readonly taken: boolean; readonly open: boolean }>> = {
  // An inquiry: nothing has been taken yet.
  warning_needs_response: { taken: false, open: false },
  warning_under_review: { taken: false, open: false },
  warning_closed: { taken: false, open: false },
  prevented: { taken: false, open: false },
  needs_response: { taken: true, open: true },
  under_review: { taken: true, open: true },
  appeal_needs_response: { taken: true, open: true },
  appeal_under_review: { taken: true, open: true },
  lost: { taken: true, open: false },
  won: { taken: false, open: false },
};
/** A state that Stripe added since: the money may be gone, so it is treated as gone until a person has looked. */
const UNKNOWN_DISPUTE = { taken: true, open: true };

/**
 * The state of an order, given what Stripe says now. Depends on nothing but its two arguments, so events
 * that repeat, race or arrive out of order end in the same state. A payment that does not match its
 * order (amount, currency, customer, mode) is `rejected`: it credits nothing and waits for a person.
 */
export function judgePayment(order: PaymentRow, remote: RemotePayment, livemode: boolean): PaymentState {
  const mismatch = mismatchOf(order, remote, livemode);
  const seen = {
    paymentIntentId: remote.paymentIntentId ?? order.paymentIntentId,
    cardFingerprint: remote.cardFingerprint ?? order.cardFingerprint,
    paymentMethodId: (remote.status === "succeeded" ? remote.paymentMethodId : null) ?? order.paymentMethodId,
  };
  if (mismatch !== null) {
    return { ...seen, status: "rejected", failureCode: mismatch, ...NOTHING_TAKEN };
  }
  switch (remote.status) {
    case "succeeded":
      return { ...seen, status: "paid", failureCode: null, ...takenBack(remote) };
    case "processing":
      return { ...seen, status: "processing", failureCode: null, ...NOTHING_TAKEN };
    case "failed":
      return { ...seen, status: "failed", failureCode: remote.failureCode ?? "declined", ...NOTHING_TAKEN };
    case "open":
      return { ...seen, status: "created", failureCode: remote.failureCode, ...NOTHING_TAKEN };
  }
}

const NOTHING_TAKEN = { refundedMinor: 0, disputedMinor: 0, disputeOpen: false } as const;

function mismatchOf(order: PaymentRow, remote: RemotePayment, livemode: boolean): string | null {
  if (remote.livemode !== livemode) return "mode_mismatch";
  if (remote.currency !== order.currency) return "currency_mismatch";
  if (remote.amountMinor !== order.amountMinor) return "amount_mismatch";
  if (remote.status === "succeeded" && remote.receivedMinor !== order.amountMinor) return "amount_mismatch";
  if (remote.customerId !== order.customerId) return "customer_mismatch";
  if (order.paymentIntentId !== null && order.paymentIntentId !== remote.paymentIntentId) return "payment_mismatch";
  return null;
}

function takenBack(remote: RemotePayment): Pick<PaymentState, "refundedMinor" | "disputedMinor" | "disputeOpen"> {
  const states = remote.disputes.map((dispute) => ({
    amountMinor: dispute.amountMinor,
    ...(DISPUTE_STATES[dispute.status] ?? UNKNOWN_DISPUTE),
  }));
  return {
    refundedMinor: sum(remote.refunds.filter((refund) => isTaken(refund.status))),
    disputedMinor: sum(states.filter((state) => state.taken)),
    disputeOpen: states.some((state) => state.open),
  };
}

/** A refund counts from the moment that it is asked for; one that failed or was canceled came back to us. */
function isTaken(status: string | null): boolean {
  return status !== "failed" && status !== "canceled";
}

function sum(items: readonly { readonly amountMinor: number }[]): number {
  return items.reduce((total, item) => total + item.amountMinor, 0);
}
