import type { PaymentView } from "@aggregator/contracts/payments";
import type { PaymentRow } from "../db/payments.ts";

/** A payment as people see it. */
export function paymentView(payment: PaymentRow): PaymentView {
  return {
    id: payment.id,
    purpose: payment.purpose,
    status: payment.status,
    currency: payment.currency,
    amount_minor: payment.amountMinor,
    credit_nano_usd: payment.creditNanoUsd,
    refunded_minor: payment.refundedMinor,
    disputed_minor: payment.disputedMinor,
    failure_code: payment.failureCode,
    checkout_url: payment.status === "created" ? payment.checkoutUrl : null,
    created_at: new Date(payment.createdAtMs).toISOString(),
    paid_at: payment.paidAtMs === null ? null : new Date(payment.paidAtMs).toISOString(),
  };
}
