import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PaymentRow } from "../../src/db/payments.ts";
import { judgePayment, type RemotePayment } from "../../src/payments/judge-payment.ts";

const order: PaymentRow = {
  id: "p",
  companyId: "c",
  purpose: "topup",
  chargeId: null,
  currency: "usd",
  amountMinor: 1_000,
  creditNanoUsd: 10_000_000_000,
  status: "created",
  revision: 1,
  appliedRevision: 0,
  customerId: "cus",
  paymentMethodId: null,
  checkoutSessionId: "cs",
  checkoutUrl: null,
  paymentIntentId: null,
  cardFingerprint: null,
  refundedMinor: 0,
  disputedMinor: 0,
  disputeOpen: false,
  failureCode: null,
  createdAtMs: 0,
  paidAtMs: null,
  updatedAtMs: 0,
};

const paid: RemotePayment = {
  paymentIntentId: "pi",
  status: "succeeded",
  currency: "usd",
  amountMinor: 1_000,
  receivedMinor: 1_000,
  customerId: "cus",
  paymentMethodId: "pm",
  livemode: false,
  chargeObjectId: "ch",
  cardFingerprint: "fp",
  failureCode: null,
  refunds: [],
  disputes: [],
};

describe("what an order is, given what Stripe says now", () => {
  it.each([
    ["open", "created"],
    ["processing", "processing"],
    ["succeeded", "paid"],
    ["failed", "failed"],
  ] as const)("%s → %s", (status, ours) => {
    expect(judgePayment(order, { ...paid, status }, false)).toMatchObject({ status: ours });
  });

  it.each([
    ["another currency", { currency: "eur" }, "currency_mismatch"],
    ["another amount", { amountMinor: 999 }, "amount_mismatch"],
    ["less received", { receivedMinor: 999 }, "amount_mismatch"],
    ["more received", { receivedMinor: 1_001 }, "amount_mismatch"],
    ["another customer", { customerId: "other" }, "customer_mismatch"],
    ["no customer", { customerId: null }, "customer_mismatch"],
    ["the other mode", { livemode: true }, "mode_mismatch"],
  ])("%s → rejected, nothing credited", (_name, change, failureCode) => {
    expect(judgePayment(order, { ...paid, ...change }, false)).toMatchObject({ status: "rejected", failureCode });
  });

  it("another payment than the one that the order had → rejected", () => {
    const known = { ...order, paymentIntentId: "pi_first" };
    expect(judgePayment(known, paid, false)).toMatchObject({ status: "rejected", failureCode: "payment_mismatch" });
  });

  it.each([
    ["pending", 300],
    ["requires_action", 300],
    ["succeeded", 300],
    [null, 300],
    ["failed", 0],
    ["canceled", 0],
  ])("a refund that is %j takes %i", (status, refundedMinor) => {
    const refunds = [{ id: "re", amountMinor: 300, status }];
    expect(judgePayment(order, { ...paid, refunds }, false)).toMatchObject({ refundedMinor });
  });

  it.each([
    ["warning_needs_response", 0, false],
    ["warning_under_review", 0, false],
    ["warning_closed", 0, false],
    ["prevented", 0, false],
    ["needs_response", 700, true],
    ["under_review", 700, true],
    ["won", 0, false],
    ["lost", 700, false],
    ["a state that Stripe adds one day", 700, true],
  ])("a dispute that is %s takes %i and freezes: %j", (status, disputedMinor, disputeOpen) => {
    const disputes = [{ id: "du", amountMinor: 700, status }];
    expect(judgePayment(order, { ...paid, disputes }, false)).toMatchObject({ disputedMinor, disputeOpen });
  });

  it("several refunds and disputes add up; one that is open freezes", () => {
    const refunds = [100, 200].map((amountMinor) => ({ id: `re${amountMinor}`, amountMinor, status: "succeeded" }));
    const disputes = [
      { id: "a", amountMinor: 300, status: "lost" },
      { id: "b", amountMinor: 400, status: "needs_response" },
      { id: "c", amountMinor: 500, status: "won" },
    ];
    expect(judgePayment(order, { ...paid, refunds, disputes }, false)).toMatchObject({
      refundedMinor: 300,
      disputedMinor: 700,
      disputeOpen: true,
    });
  });

  it("is the same however often it is judged: what comes out is a fixed point", () => {
    const remote = fc.record({
      status: fc.constantFrom("open", "processing", "succeeded", "failed"),
      receivedMinor: fc.constantFrom(0, 999, 1_000),
      currency: fc.constantFrom("usd", "eur"),
    });
    fc.assert(
      fc.property(remote, (change) => {
        const once = judgePayment(order, { ...paid, ...change }, false);
        expect(judgePayment({ ...order, ...once }, { ...paid, ...change }, false)).toEqual(once);
      }),
    );
  });
});
