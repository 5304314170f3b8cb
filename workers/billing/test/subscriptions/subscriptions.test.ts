import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import {
  accountOf,
  aContext,
  anActor,
  applied,
  billing,
  deliverAll,
  ledgerOf,
  paymentRow,
  postedOf,
  refusalOf,
  savedCard,
  SIGNUP,
  until,
  USD,
  valueOf,
} from "../support/billing.ts";
import { aReserve } from "../support/builders.ts";
import {
  aPlan,
  changeTo,
  cron,
  endPeriod,
  markupOf,
  subscribeTo,
  subscriptionOf,
  subscriptionRow,
  untilSubscription,
} from "../support/plans.ts";
import { atStripe, eventsAbout } from "../support/stripe.ts";

const paymentsOf = async (actor: ReturnType<typeof anActor>) =>
  (await valueOf(billing.listPayments(aContext(), actor, {}))).data;

describe("subscribing", () => {
  it("from the balance: fee taken, credit granted, its terms in force for the next request", async () => {
    const actor = anActor();
    expect(await markupOf(actor)).toBe(0);
    const plan = await aPlan({ markup_bps: 750, cache_hit_bps: 100 });
    expect(await subscribeTo(actor, plan)).toMatchObject({ plan: plan.id, pay_with: "balance" });
    await untilSubscription(actor, { status: "active" });
    await until(async () => expect(await markupOf(actor)).toBe(750));
    const hit = aReserve({ requestId: newId(), isCacheHit: true });
    expect(await accountOf(actor).reserve(hit)).toMatchObject({ value: { cacheHitBps: 100 } });
    expect(await ledgerOf(actor)).toEqual([
      ["signup", SIGNUP],
      ["charge", -20 * USD],
      ["credit", 10 * USD],
    ]);
  });

  it("by a saved card: Stripe is paid, the balance only gains the credit", async () => {
    const actor = anActor();
    const payment_method = await savedCard(actor);
    const plan = await aPlan();
    await subscribeTo(actor, plan, { pay_with: "card", payment_method });
    await untilSubscription(actor, { status: "active" });
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 10 * USD));
    expect(await paymentsOf(actor)).toMatchObject([{ purpose: "subscription", status: "paid", amount_minor: 2_000 }]);
  });

  it("at Stripe's page: incomplete until it is paid there; its card pays for the next period", async () => {
    const actor = anActor();
    const plan = await aPlan();
    const begun = await subscribeTo(actor, plan, { pay_with: "card" });
    expect(begun).toMatchObject({ status: "incomplete" });
    expect((await subscriptionOf(actor)).checkout_url).toBe(begun.checkout_url);
    expect(await markupOf(actor)).toBe(0);
    const [payment] = await paymentsOf(actor);
    await atStripe("pay-session", { session: (await paymentRow(payment?.id ?? "")).checkoutSessionId });
    await deliverAll(payment?.id ?? "");
    await untilSubscription(actor, { status: "active" });
    await until(async () => expect(await markupOf(actor)).toBe(500));
    await endPeriod(actor);
    await cron();
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 20 * USD));
    expect((await paymentsOf(actor)).map(({ status }) => status)).toEqual(["paid", "paid"]);
  });

  it("with a declined card: nothing begins, nothing is granted", async () => {
    const actor = anActor();
    const payment_method = await savedCard(actor, { declines: "card_declined" });
    await subscribeTo(actor, await aPlan(), { pay_with: "card", payment_method });
    await untilSubscription(actor, { status: "canceled", plan: "payg" });
    expect(await ledgerOf(actor)).toEqual([["signup", SIGNUP]]);
  });

  it("to a free plan costs nothing and is in force", async () => {
    const actor = anActor();
    await subscribeTo(actor, await aPlan({ monthly_fee_nano_usd: 0, included_credit_nano_usd: 0 }));
    await untilSubscription(actor, { status: "active" });
    expect(await ledgerOf(actor)).toEqual([["signup", SIGNUP]]);
  });

  it.each([
    ["a plan that is not there", async () => ({ plan: "no-such" }), "invalid_request"],
    ["an archived plan", async () => ({ plan: await archived() }), "invalid_request"],
    [
      "a balance that is too small",
      async () => ({ plan: (await dear()).id, pay_with: "balance" }),
      "insufficient_balance",
    ],
    [
      "another company's card",
      async () => ({ plan: (await aPlan()).id, payment_method: await savedCard(anActor()) }),
      "invalid_request",
    ],
    ["an unknown field", async () => ({ plan: (await aPlan()).id, price: 0 }), "invalid_request"],
  ])("is refused for %s", async (_name, input, code) => {
    const actor = anActor();
    const refused = await refusalOf(billing.subscribe(aContext(), actor, await input(), null));
    expect(refused.code).toBe(code);
    expect(await subscriptionOf(actor)).toMatchObject({ plan: "payg", status: "canceled" });
  });
  const dear = () => aPlan({ monthly_fee_nano_usd: 101 * USD });
  const archived = async () => {
    const { id } = await aPlan();
    await billing.archivePlan(aContext(), anActor({ platformAdmin: true }), id, null);
    return id;
  };

  it("twice: one key is one subscription, another key is a conflict", async () => {
    const actor = anActor();
    const input = { plan: (await aPlan()).id, pay_with: "balance" };
    const key = newId();
    const first = await valueOf(billing.subscribe(aContext(), actor, input, key));
    expect(await billing.subscribe(aContext(), actor, input, key)).toEqual({ ok: true, value: first, replayed: true });
    await untilSubscription(actor, { status: "active" });
    expect((await refusalOf(billing.subscribe(aContext(), actor, input, newId()))).code).toBe("conflict");
    expect(await postedOf(actor)).toBe(SIGNUP - 10 * USD);
  });

  it("ten at once with ten keys: one fee stays taken", async () => {
    const actor = anActor();
    const input = { plan: (await aPlan()).id, pay_with: "balance" };
    await Promise.all(Array.from({ length: 10 }, () => billing.subscribe(aContext(), actor, input, newId())));
    await untilSubscription(actor, { status: "active" });
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP - 10 * USD));
  });
});

describe("money that comes for nothing any more goes back", () => {
  it("a page that is paid after another way of paying was taken", async () => {
    const actor = anActor();
    const plan = await aPlan();
    await subscribeTo(actor, plan, { pay_with: "card" });
    const [late] = await paymentsOf(actor);
    await subscribeTo(actor, plan);
    await untilSubscription(actor, { status: "active", pay_with: "balance" });
    await atStripe("pay-session", { session: (await paymentRow(late?.id ?? "")).checkoutSessionId });
    await deliverAll(late?.id ?? "");
    const { paymentIntentId } = await applied(late?.id ?? "", "paid");
    await until(async () => {
      const { data } = await atStripe<{ data: object[] }>("refunds", { payment_intent: paymentIntentId });
      expect(data).toMatchObject([{ amount: 2_000 }]);
    });
    await deliverAll(paymentIntentId ?? "");
    await until(async () => expect(await paymentRow(late?.id ?? "")).toMatchObject({ refundedMinor: 2_000 }));
    await applied(late?.id ?? "");
    expect(await postedOf(actor)).toBe(SIGNUP - 10 * USD);
  });

  it("a page that is paid after the subscription was canceled", async () => {
    const actor = anActor();
    await subscribeTo(actor, await aPlan(), { pay_with: "card" });
    const [late] = await paymentsOf(actor);
    await valueOf(billing.cancelSubscription(aContext(), actor, null));
    await atStripe("pay-session", { session: (await paymentRow(late?.id ?? "")).checkoutSessionId });
    await deliverAll(late?.id ?? "");
    const { paymentIntentId } = await applied(late?.id ?? "", "paid");
    const { data } = await atStripe<{ data: object[] }>("refunds", { payment_intent: paymentIntentId });
    expect(data).toMatchObject([{ amount: 2_000 }]);
    expect(await ledgerOf(actor)).toEqual([["signup", SIGNUP]]);
  });

  it("an old fee that Stripe mentions again months later stays paid", async () => {
    const actor = anActor();
    const payment_method = await savedCard(actor);
    await subscribeTo(actor, await aPlan(), { pay_with: "card", payment_method });
    await untilSubscription(actor, { status: "active" });
    const [first] = await paymentsOf(actor);
    await endPeriod(actor);
    await cron();
    await until(async () => expect(await paymentsOf(actor)).toHaveLength(2));
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 20 * USD));
    const { paymentIntentId } = await paymentRow(first?.id ?? "");
    for (const event of await eventsAbout({ about: paymentIntentId ?? "", fields: { id: `evt_${newId()}` } })) {
      await valueOf(billing.receiveStripeEvent(aContext(), event.body, event.signature));
    }
    await applied(first?.id ?? "", "paid");
    const { data } = await atStripe<{ data: object[] }>("refunds", { payment_intent: paymentIntentId });
    expect(data).toEqual([]);
    expect(await subscriptionOf(actor)).toMatchObject({ status: "active" });
  });

  it("a refunded fee takes its credit back", async () => {
    const actor = anActor();
    const payment_method = await savedCard(actor);
    await subscribeTo(actor, await aPlan(), { pay_with: "card", payment_method });
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 10 * USD));
    const [fee] = await paymentsOf(actor);
    const admin = anActor({ platformAdmin: true });
    await valueOf(billing.refundPayment(aContext(), admin, fee?.id ?? "", { amount_minor: 1_000 }, null));
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 5 * USD));
  });
});

describe("changing the plan", () => {
  it("to a dearer one: the difference for the rest of the period, then its markup", async () => {
    const actor = anActor();
    await subscribeTo(actor, await aPlan());
    await untilSubscription(actor, { status: "active" });
    const before = await postedOf(actor);
    const better = await aPlan({ monthly_fee_nano_usd: 40 * USD, included_credit_nano_usd: 20 * USD, markup_bps: 100 });
    await changeTo(actor, { plan: better.id });
    await untilSubscription(actor, { plan: better.id });
    await until(async () => expect(await markupOf(actor)).toBe(100));
    const [, , , fee, credit] = await ledgerOf(actor);
    // Minutes into the period: the whole difference, but for the cent that rounding may leave.
    expect(fee?.[0]).toBe("charge");
    expect(fee?.[1]).toBeGreaterThanOrEqual(-20 * USD);
    expect(fee?.[1]).toBeLessThan(-19.9 * USD);
    expect(credit?.[1]).toBeGreaterThan(9.9 * USD);
    expect(await postedOf(actor)).toBe(before + (fee?.[1] ?? 0) + (credit?.[1] ?? 0));
  });

  it("to a dearer one that cannot be paid: the old one stays", async () => {
    const actor = anActor();
    const plan = await aPlan();
    await subscribeTo(actor, plan);
    await untilSubscription(actor, { status: "active" });
    const better = await aPlan({ monthly_fee_nano_usd: 900 * USD });
    await changeTo(actor, { plan: better.id });
    await until(async () => expect((await subscriptionRow(actor)).pendingChargeId).toBeNull());
    expect(await subscriptionOf(actor)).toMatchObject({ plan: plan.id, status: "active" });
    expect(await postedOf(actor)).toBe(SIGNUP - 10 * USD);
  });

  it("to a cheaper one: with the next period, at its fee", async () => {
    const actor = anActor();
    await subscribeTo(actor, await aPlan());
    await untilSubscription(actor, { status: "active" });
    const cheap = await aPlan({ monthly_fee_nano_usd: USD, included_credit_nano_usd: 0, markup_bps: 900 });
    expect(await changeTo(actor, { plan: cheap.id })).toMatchObject({ next_plan: cheap.id });
    expect(await postedOf(actor)).toBe(SIGNUP - 10 * USD);
    await endPeriod(actor);
    await cron();
    await untilSubscription(actor, { plan: cheap.id, next_plan: null });
    await until(async () => expect(await markupOf(actor)).toBe(900));
    expect(await postedOf(actor)).toBe(SIGNUP - 11 * USD);
  });

  it.each([
    ["two things at once", { plan: "x", cancel_at_period_end: true }, "plan"],
    ["nothing", {}, "plan"],
    ["a plan that is not there", { plan: "no-such" }, "plan"],
    ["another company's card", { payment_method: "pm_none" }, "payment_method"],
  ])("%s is refused by name", async (_name, input, param) => {
    const actor = anActor();
    await subscribeTo(actor, await aPlan());
    await untilSubscription(actor, { status: "active" });
    expect(await refusalOf(billing.changeSubscription(aContext(), actor, input, null))).toMatchObject({ param });
  });

  it("without a subscription is a conflict", async () => {
    const [actor, plan] = [anActor(), await aPlan()];
    expect((await refusalOf(billing.changeSubscription(aContext(), actor, { plan: plan.id }, null))).code).toBe(
      "conflict",
    );
    expect((await refusalOf(billing.cancelSubscription(aContext(), actor, null))).code).toBe("conflict");
  });
});

describe("canceling", () => {
  it("keeps the plan to the end of the period, then falls back to pay as you go", async () => {
    const actor = anActor();
    await subscribeTo(actor, await aPlan());
    await untilSubscription(actor, { status: "active" });
    expect(await valueOf(billing.cancelSubscription(aContext(), actor, null))).toMatchObject({
      cancel_at_period_end: true,
    });
    await until(async () => expect(await markupOf(actor)).toBe(500));
    await endPeriod(actor);
    await cron();
    expect(await subscriptionOf(actor)).toMatchObject({ plan: "payg", status: "canceled" });
    expect(await markupOf(actor)).toBe(0);
    expect(await postedOf(actor)).toBe(SIGNUP - 10 * USD);
  });

  it("can be taken back before the end", async () => {
    const actor = anActor();
    await subscribeTo(actor, await aPlan());
    await untilSubscription(actor, { status: "active" });
    await valueOf(billing.cancelSubscription(aContext(), actor, null));
    expect(await changeTo(actor, { cancel_at_period_end: false })).toMatchObject({ cancel_at_period_end: false });
    await endPeriod(actor);
    await cron();
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP - 20 * USD));
  });
});
