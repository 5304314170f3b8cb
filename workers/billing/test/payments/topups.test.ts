import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import {
  aContext,
  anActor,
  applied,
  billing,
  customerOf,
  deliverAll,
  impatient,
  ledgerOf,
  paymentRow,
  postedOf,
  refusalOf,
  savedCard,
  SIGNUP,
  topUp,
  USD,
  valueOf,
} from "../support/billing.ts";
import { atStripe, callsTo, intentsOf } from "../support/stripe.ts";

describe("a top-up at Stripe's page", () => {
  it("answers where to pay, credits nothing, and credits once when it is paid", async () => {
    const actor = anActor();
    const order = await topUp(actor, 25 * USD);
    expect(order).toMatchObject({ status: "created", currency: "usd", amount_minor: 2_500, credit_nano_usd: 25 * USD });
    expect(order.checkout_url).toContain("https://checkout.stripe.test/");
    expect(await postedOf(actor)).toBe(SIGNUP);
    await atStripe("pay-session", { session: (await paymentRow(order.id)).checkoutSessionId });
    await deliverAll(order.id);
    await applied(order.id, "paid");
    expect(await ledgerOf(actor)).toEqual([
      ["signup", SIGNUP],
      ["credit", 25 * USD],
    ]);
    expect(await valueOf(billing.getPayment(aContext(), actor, order.id))).toMatchObject({
      status: "paid",
      checkout_url: null,
    });
  });

  it("an expired page ends as failed and credits nothing", async () => {
    const actor = anActor();
    const { id } = await topUp(actor, 25 * USD);
    await atStripe("expire-session", { session: (await paymentRow(id)).checkoutSessionId });
    await deliverAll(id);
    expect(await applied(id, "failed")).toMatchObject({ failureCode: "checkout_expired" });
    expect(await postedOf(actor)).toBe(SIGNUP);
  });

  it.each([
    ["less than the least", { amount_nano_usd: 4 * USD }, "amount_nano_usd"],
    ["more than the most", { amount_nano_usd: 25_001 * USD }, "amount_nano_usd"],
    ["a part of a cent", { amount_nano_usd: 25 * USD + 1 }, "amount_nano_usd"],
    ["a fraction", { amount_nano_usd: 25.5 }, "amount_nano_usd"],
    ["a negative amount", { amount_nano_usd: -25 * USD }, "amount_nano_usd"],
    ["text", { amount_nano_usd: "25000000000" }, "amount_nano_usd"],
    ["beyond the cap of every amount", { amount_nano_usd: 2 ** 53 }, "amount_nano_usd"],
    ["nothing", {}, "amount_nano_usd"],
    ["two amounts", { amount_nano_usd: 25 * USD, amount_minor: 2_500 }, "amount_nano_usd"],
    ["a currency that nobody knows", { currency: "xxx", amount_minor: 2_500 }, "currency"],
    ["a currency without a rate", { currency: "chf", amount_minor: 2_500 }, "currency"],
    ["a card of nobody", { amount_nano_usd: 25 * USD, payment_method: "pm_none" }, "payment_method"],
  ])("refuses %s by name and writes no order", async (_what, input, param) => {
    const actor = anActor();
    expect(await refusalOf(billing.createTopup(aContext(), actor, input, null))).toMatchObject({
      code: "invalid_request",
      param,
    });
    expect((await valueOf(billing.listPayments(aContext(), actor, {}))).data).toEqual([]);
  });

  it("needs billing:manage, and another company's payment is as missing as none", async () => {
    const reader = anActor({ permissions: ["billing:read"] });
    expect(await refusalOf(billing.createTopup(aContext(), reader, { amount_nano_usd: 25 * USD }, null))).toMatchObject(
      { code: "permission_denied" },
    );
    const { id } = await topUp(anActor(), 25 * USD);
    const foreign = await refusalOf(billing.getPayment(aContext(), reader, id));
    expect(foreign).toEqual(await refusalOf(billing.getPayment(aContext(), reader, newId())));
    expect(foreign.code).toBe("not_found");
  });
});

describe("a top-up from a saved card", () => {
  it("is paid at once and credited once, though Stripe's events come after", async () => {
    const actor = anActor();
    const payment_method = await savedCard(actor);
    const input = { amount_nano_usd: 30 * USD, payment_method };
    const order = await valueOf(billing.createTopup(aContext(), actor, input, null));
    expect(order.status).toBe("paid");
    await applied(order.id, "paid");
    await deliverAll(order.id);
    await applied(order.id, "paid");
    expect(await postedOf(actor)).toBe(SIGNUP + 30 * USD);
  });

  it("declined: failed with the bank's code, nothing credited", async () => {
    const actor = anActor();
    const payment_method = await savedCard(actor, { declines: "insufficient_funds" });
    const input = { amount_nano_usd: 30 * USD, payment_method };
    const order = await valueOf(billing.createTopup(aContext(), actor, input, null));
    expect(order).toMatchObject({ status: "failed", failure_code: "insufficient_funds" });
    expect(await postedOf(actor)).toBe(SIGNUP);
  });

  it("another company's card is refused and not charged", async () => {
    const payment_method = await savedCard(anActor());
    const thief = anActor();
    const input = { amount_nano_usd: 30 * USD, payment_method };
    expect(await refusalOf(billing.createTopup(aContext(), thief, input, null))).toMatchObject({
      code: "invalid_request",
      param: "payment_method",
    });
  });
});

describe("case 58: double click and Stripe's timeout", () => {
  it("one key, two calls at once: one is in progress, there is one PaymentIntent and one credit", async () => {
    const actor = anActor();
    const payment_method = await savedCard(actor);
    const input = { amount_nano_usd: 30 * USD, payment_method };
    const key = newId();
    const both = await Promise.all([
      billing.createTopup(aContext(), actor, input, key),
      billing.createTopup(aContext(), actor, input, key),
    ]);
    const codes = both.map((result) => (result.ok ? "ok" : result.error.code));
    expect(codes.toSorted()).toEqual(["idempotency_in_progress", "ok"]);
    const again = await billing.createTopup(aContext(), actor, input, key);
    expect(again).toMatchObject({ ok: true, replayed: true });
    const id = again.ok ? again.value.id : "";
    await applied(id, "paid");
    expect(await intentsOf(id)).toHaveLength(1);
    expect(await postedOf(actor)).toBe(SIGNUP + 30 * USD);
  });

  it("Stripe acts and its answer is lost: refused as unavailable, the repeat finds the one payment", async () => {
    const actor = anActor();
    const payment_method = await savedCard(actor);
    const input = { amount_nano_usd: 30 * USD, payment_method };
    const key = newId();
    // The package tries twice by itself.
    await atStripe("fault", { match: "POST /v1/payment_intents", about: payment_method, kind: "lose_reply", times: 2 });
    expect(await refusalOf(impatient.createTopup(aContext(), actor, input, key))).toMatchObject({
      code: "service_unavailable",
    });
    const order = await valueOf(billing.createTopup(aContext(), actor, input, key));
    expect(order.status).toBe("paid");
    await applied(order.id, "paid");
    expect(await intentsOf(order.id)).toHaveLength(1);
    expect(await postedOf(actor)).toBe(SIGNUP + 30 * USD);
    const keys = (await callsTo("POST /v1/payment_intents")).map(({ idempotencyKey }) => idempotencyKey);
    expect(keys.filter((sent) => sent === `payment-${order.id}`).length).toBeGreaterThanOrEqual(3);
  });

  it("the answer is lost and nobody repeats: Stripe's event finds the order and credits it once", async () => {
    const actor = anActor();
    const payment_method = await savedCard(actor);
    const key = newId();
    await atStripe("fault", { match: "POST /v1/payment_intents", about: payment_method, kind: "lose_reply", times: 2 });
    await refusalOf(impatient.createTopup(aContext(), actor, { amount_nano_usd: 30 * USD, payment_method }, key));
    const [order] = (await valueOf(billing.listPayments(aContext(), actor, {}))).data;
    await deliverAll(order?.id ?? "");
    await applied(order?.id ?? "", "paid");
    expect(await postedOf(actor)).toBe(SIGNUP + 30 * USD);
  });

  it("the page's answer is lost: the repeat opens no second page", async () => {
    const actor = anActor();
    const about = await customerOf(actor);
    const key = newId();
    const input = { amount_nano_usd: 30 * USD };
    await atStripe("fault", { match: "POST /v1/checkout", about, kind: "lose_reply", times: 2 });
    await refusalOf(impatient.createTopup(aContext(), actor, input, key));
    const order = await valueOf(billing.createTopup(aContext(), actor, input, key));
    const asked = (await callsTo("POST /v1/checkout")).filter((call) => call.idempotencyKey === `checkout-${order.id}`);
    expect(asked).toHaveLength(3);
    expect((await valueOf(billing.listPayments(aContext(), actor, {}))).data).toHaveLength(1);
  });

  it("the same key with another amount is a reuse, and nothing is ordered", async () => {
    const actor = anActor();
    const key = newId();
    await topUp(actor, 30 * USD, key);
    expect(await refusalOf(billing.createTopup(aContext(), actor, { amount_nano_usd: 31 * USD }, key))).toMatchObject({
      code: "idempotency_key_reused",
    });
    expect((await valueOf(billing.listPayments(aContext(), actor, {}))).data).toHaveLength(1);
  });
});
