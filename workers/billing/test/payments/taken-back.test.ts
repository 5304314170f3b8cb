import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import {
  aContext,
  accountOf,
  anActor,
  applied,
  billing,
  deliver,
  deliverAll,
  impatient,
  ledgerOf,
  operator,
  paidTopUp,
  paymentRow,
  postedOf,
  refusalOf,
  SIGNUP,
  topUp,
  USD,
  until,
  valueOf,
} from "../support/billing.ts";
import { aReserve } from "../support/builders.ts";
import { atStripe, eventsAbout } from "../support/stripe.ts";

const FP = "fp_taken_back";

describe("refunds", () => {
  it("in parts: each takes its share of the credit, the last leaves nothing", async () => {
    const actor = anActor();
    const { id } = await paidTopUp(actor, 10 * USD, FP);
    await valueOf(billing.refundPayment(aContext(), operator, id, { amount_minor: 333 }, null));
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 6_670_000_000));
    await valueOf(billing.refundPayment(aContext(), operator, id, {}, null));
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP));
    await applied(id);
    expect(await paymentRow(id)).toMatchObject({ status: "paid", refundedMinor: 1_000 });
  });

  it("more than is left is refused by name, and nothing moves", async () => {
    const actor = anActor();
    const { id } = await paidTopUp(actor, 10 * USD, FP);
    expect(
      await refusalOf(billing.refundPayment(aContext(), operator, id, { amount_minor: 1_001 }, null)),
    ).toMatchObject({ code: "invalid_request", param: "amount_minor" });
    await applied(id);
    expect(await postedOf(actor)).toBe(SIGNUP + 10 * USD);
  });

  it.each([0, -5, 1.5, "10"])("an amount of %j is refused", async (amount_minor) => {
    const { id } = await paidTopUp(anActor(), 10 * USD, FP);
    expect(await refusalOf(billing.refundPayment(aContext(), operator, id, { amount_minor }, null))).toMatchObject({
      code: "invalid_request",
      param: "amount_minor",
    });
  });

  it("one key, twice: one refund; also when Stripe's answer was lost", async () => {
    const actor = anActor();
    const { id, paymentIntentId } = await paidTopUp(actor, 10 * USD, FP);
    const key = newId();
    await atStripe("fault", { match: "POST /v1/refunds", about: paymentIntentId, kind: "lose_reply", times: 2 });
    const lost = await refusalOf(impatient.refundPayment(aContext(), operator, id, { amount_minor: 400 }, key));
    expect(lost.code).toBe("service_unavailable");
    await valueOf(billing.refundPayment(aContext(), operator, id, { amount_minor: 400 }, key));
    await valueOf(billing.refundPayment(aContext(), operator, id, { amount_minor: 400 }, key));
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 6 * USD));
    const { data } = await atStripe<{ data: object[] }>("refunds", { payment_intent: paymentIntentId });
    expect(data).toHaveLength(1);
  });

  it("made at Stripe's dashboard: the ledger follows; one that fails later is credited again", async () => {
    const actor = anActor();
    const { id, paymentIntentId } = await paidTopUp(actor, 10 * USD, FP);
    const refund = await atStripe<{ id: string }>("refund", { payment_intent: paymentIntentId, amount: 1_000 });
    await deliverAll(paymentIntentId ?? "");
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP));
    await atStripe("fail-refund", { refund: refund.id });
    await deliverAll(paymentIntentId ?? "");
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 10 * USD));
    expect((await ledgerOf(actor)).map(([kind]) => kind)).toEqual(["signup", "credit", "refund", "refund"]);
    await applied(id);
  });

  it("of money that is spent leaves the balance negative, and nothing is admitted", async () => {
    const actor = anActor();
    const { id } = await paidTopUp(actor, 10 * USD, FP);
    await accountOf(actor).chargeFee({
      amountNanoUsd: SIGNUP + 8 * USD,
      description: "spent",
      idempotencyKey: "spent",
    });
    await valueOf(billing.refundPayment(aContext(), operator, id, {}, null));
    await until(async () => expect(await postedOf(actor)).toBe(-8 * USD));
    expect(await accountOf(actor).reserve(aReserve({ requestId: newId(), holdNanoUsd: 1 }))).toMatchObject({
      error: { code: "insufficient_balance" },
    });
  });

  it("belong to operators, and to payments that were paid", async () => {
    const actor = anActor();
    const { id } = await topUp(actor, 10 * USD);
    const asked = await Promise.all([
      refusalOf(billing.refundPayment(aContext(), actor, id, {}, null)),
      refusalOf(billing.refundPayment(aContext(), operator, id, {}, null)),
      refusalOf(billing.refundPayment(aContext(), operator, newId(), {}, null)),
    ]);
    expect(asked.map(({ code }) => code)).toEqual(["permission_denied", "conflict", "not_found"]);
  });
});

describe("disputes", () => {
  const frozen = async (actor: Parameters<typeof accountOf>[0]) => {
    const tried = await accountOf(actor).reserve(aReserve({ requestId: newId(), holdNanoUsd: 1 }));
    return !tried.ok && tried.error.code === "account_frozen";
  };

  it.each([
    ["won: the money is reinstated", true, SIGNUP + 10 * USD],
    ["lost: the money stays taken", false, SIGNUP],
  ])("freeze the account and withdraw; %s, and the account thaws", async (_name, won, left) => {
    const actor = anActor();
    const { paymentIntentId } = await paidTopUp(actor, 10 * USD, FP);
    const dispute = await atStripe<{ id: string }>("dispute", { payment_intent: paymentIntentId });
    await deliverAll(paymentIntentId ?? "");
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP));
    await until(async () => expect(await frozen(actor)).toBe(true));
    await atStripe("close-dispute", { dispute: dispute.id, won });
    await deliverAll(paymentIntentId ?? "");
    await until(async () => expect(await frozen(actor)).toBe(false));
    expect(await postedOf(actor)).toBe(left);
  });

  it("told backwards and twice end alike", async () => {
    const actor = anActor();
    const { paymentIntentId } = await paidTopUp(actor, 10 * USD, FP);
    const about = paymentIntentId ?? "";
    const dispute = await atStripe<{ id: string }>("dispute", { payment_intent: about, amount: 500 });
    await atStripe("close-dispute", { dispute: dispute.id, won: true });
    const events = (await eventsAbout({ about })).toReversed();
    for (const event of [...events, ...events]) await valueOf(deliver(event));
    await until(async () => expect(await frozen(actor)).toBe(false));
    expect(await postedOf(actor)).toBe(SIGNUP + 10 * USD);
  });

  it("switch the automatic top-up off: a disputed card is not charged again", async () => {
    const actor = anActor();
    const { paymentIntentId, paymentMethodId } = await paidTopUp(actor, 10 * USD, FP);
    const terms = { enabled: true, threshold_nano_usd: 1, amount_nano_usd: 5 * USD, monthly_cap_nano_usd: 50 * USD };
    const order = { ...terms, payment_method: paymentMethodId };
    expect(await valueOf(billing.setAutoTopup(aContext(), actor, order, null))).toMatchObject({ enabled: true });
    await atStripe("dispute", { payment_intent: paymentIntentId });
    await deliverAll(paymentIntentId ?? "");
    await until(async () =>
      expect(await valueOf(billing.autoTopup(aContext(), actor))).toMatchObject({ enabled: false }),
    );
  });
});

it("a credit that the account cannot take is given back at Stripe, once", async () => {
  const actor = anActor();
  await accountOf(actor).grant({
    kind: "adjustment",
    amountNanoUsd: 9_000_000_000_000_000 - SIGNUP,
    reason: "full",
    grantedBy: "test",
    idempotencyKey: "full",
  });
  const { id } = await topUp(actor, 10 * USD);
  await atStripe("pay-session", { session: (await paymentRow(id)).checkoutSessionId });
  await deliverAll(id);
  const { paymentIntentId } = await applied(id, "paid");
  await until(async () => {
    const { data } = await atStripe<{ data: object[] }>("refunds", { payment_intent: paymentIntentId });
    expect(data).toHaveLength(1);
  });
  await deliverAll(paymentIntentId ?? "");
  await until(async () => expect(await paymentRow(id)).toMatchObject({ refundedMinor: 1_000 }));
  await applied(id);
  const { data } = await atStripe<{ data: object[] }>("refunds", { payment_intent: paymentIntentId });
  expect(data).toMatchObject([{ amount: 1_000 }]);
  expect(await postedOf(actor)).toBe(9_000_000_000_000_000);
});
