import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  aContext,
  anActor,
  applied,
  billing,
  billingWith,
  deliver,
  deliverAll,
  ledgerOf,
  paidTopUp,
  paymentRow,
  postedOf,
  refusalOf,
  SIGNUP,
  topUp,
  USD,
  valueOf,
} from "../support/billing.ts";
import { atStripe, eventsAbout, intentsOf, type SignedEvent } from "../support/stripe.ts";

/** A top-up that is paid at Stripe and that we have not heard of yet. */
async function paidUnheard(actor = anActor()) {
  const { id } = await topUp(actor, 25 * USD);
  const session = (await paymentRow(id)).checkoutSessionId ?? "";
  await atStripe("pay-session", { session });
  const events = await eventsAbout({ about: id });
  const [first] = events;
  if (first === undefined) throw new Error("Stripe told nothing");
  return { actor, id, session, events, first };
}

async function isUnchanged(id: string): Promise<void> {
  expect(await paymentRow(id)).toMatchObject({ status: "created", revision: 1 });
}

describe("case 53: a webhook that Stripe did not sign is refused and changes nothing", () => {
  const forge: [string, (event: SignedEvent) => { body: string; signature: string | null }][] = [
    ["unsigned", ({ body }) => ({ body, signature: null })],
    ["an empty signature", ({ body }) => ({ body, signature: "" })],
    ["signed with another secret", ({ body, signature }) => ({ body, signature: signature.replace(/v1=../, "v1=00") })],
    ["re-serialised", ({ body, signature }) => ({ body: JSON.stringify(JSON.parse(body), null, 1), signature })],
    ["one byte changed", ({ body, signature }) => ({ body: body.replace("evt_", "evt-"), signature })],
    ["another body under the signature", ({ signature }) => ({ body: "{}", signature })],
    ["a time of its own", ({ body, signature }) => ({ body, signature: signature.replace(/t=\d+/, "t=1") })],
    ["not JSON", ({ signature }) => ({ body: "%%%", signature })],
  ];
  it.each(forge)("%s", async (_name, forged) => {
    const { id, first } = await paidUnheard();
    const { body, signature } = forged(first);
    expect(await refusalOf(billing.receiveStripeEvent(aContext(), body, signature))).toMatchObject({
      code: "invalid_request",
      param: "stripe-signature",
    });
    await isUnchanged(id);
  });

  it("signed six minutes ago", async () => {
    const { id } = await paidUnheard();
    const [old] = await eventsAbout({ about: id, age: 360 });
    expect(await refusalOf(deliver(old ?? { body: "", signature: "" }))).toMatchObject({ code: "invalid_request" });
    await isUnchanged(id);
  });

  it("a live event on a test key, and a test event on a live key", async () => {
    const { id, first } = await paidUnheard();
    const [live] = await eventsAbout({ about: id, fields: { livemode: true } });
    expect(await refusalOf(deliver(live ?? first))).toMatchObject({ param: "livemode" });
    const onLive = billingWith({ STRIPE_SECRET_KEY: "sk_live_double" });
    const refused = await refusalOf(onLive.receiveStripeEvent(aContext(), first.body, first.signature));
    expect(refused).toMatchObject({ param: "livemode" });
    await isUnchanged(id);
  });

  it.each(["", "  "])("a secret of %j means that there is no webhook", async (secret) => {
    const { id, first } = await paidUnheard();
    const without = billingWith({ STRIPE_WEBHOOK_SECRET: secret });
    const refused = await refusalOf(without.receiveStripeEvent(aContext(), first.body, first.signature));
    expect(refused.code).toBe("not_found");
    await isUnchanged(id);
  });
});

describe("case 54: one credit per payment, whatever is told how often", () => {
  it("the same event ten times at once", async () => {
    const { actor, id, first } = await paidUnheard();
    const answers = await Promise.all(Array.from({ length: 10 }, () => deliver(first)));
    expect(answers.every((answer) => answer.ok)).toBe(true);
    await applied(id, "paid");
    expect(await ledgerOf(actor)).toEqual([
      ["signup", SIGNUP],
      ["credit", 25 * USD],
    ]);
  });

  it("three types of event about one payment, backwards, at once and twice", async () => {
    const { actor, id, events } = await paidUnheard();
    expect(events.length).toBeGreaterThanOrEqual(2);
    const [intent] = await intentsOf(id);
    const all = [...(await eventsAbout({ about: intent?.id ?? "" })), ...events].toReversed();
    await Promise.all([...all, ...all].map(deliver));
    await applied(id, "paid");
    for (const event of all) await valueOf(deliver(event));
    await applied(id, "paid");
    expect(await ledgerOf(actor)).toEqual([
      ["signup", SIGNUP],
      ["credit", 25 * USD],
    ]);
  });

  it("no event at all: the sweep finds what was paid", async () => {
    const { actor, id } = await paidUnheard();
    await env.DB.prepare("UPDATE payments SET updated_at_ms = 0 WHERE id = ?").bind(id).run();
    await billing.scheduled({ cron: "* * * * *", scheduledTime: Date.now(), noRetry: () => undefined });
    await applied(id, "paid");
    expect(await postedOf(actor)).toBe(SIGNUP + 25 * USD);
  });
});

describe("case 55: completed, but unpaid", () => {
  it.each([
    ["success", true, "paid", SIGNUP + 25 * USD],
    ["failure", false, "failed", SIGNUP],
  ])("then %s days later", async (_name, paid, status, balance) => {
    const actor = anActor();
    const { id } = await topUp(actor, 25 * USD);
    const session = (await paymentRow(id)).checkoutSessionId;
    await atStripe("pay-session", { session, async: true });
    await deliverAll(id);
    await applied(id, "processing");
    expect(await postedOf(actor)).toBe(SIGNUP);
    await atStripe("settle-session", { session, paid });
    await deliverAll(id);
    await applied(id, status);
    expect(await postedOf(actor)).toBe(balance);
  });
});

describe("what does not match its order credits nothing", () => {
  it.each([
    ["another amount", { amount: 1, amount_received: 1 }, "amount_mismatch"],
    ["less received than asked for", { amount_received: 2_499 }, "amount_mismatch"],
    ["another currency", { currency: "eur" }, "currency_mismatch"],
    ["another customer", { customer: "cus_other" }, "customer_mismatch"],
    ["the other mode", { livemode: true }, "mode_mismatch"],
  ])("%s", async (_name, fields, failureCode) => {
    const { actor, id } = await paidUnheard();
    const [intent] = await intentsOf(id);
    await atStripe("alter-intent", { payment_intent: intent?.id, fields });
    await deliverAll(id);
    expect(await applied(id, "rejected")).toMatchObject({ failureCode });
    expect(await postedOf(actor)).toBe(SIGNUP);
  });

  it("an order that we never made, and an event about something else, are ignored", async () => {
    const { first } = await paidUnheard();
    const strangers = [
      {
        type: "checkout.session.completed",
        data: { object: { id: "cs_x", object: "checkout.session", client_reference_id: "no-order", metadata: {} } },
      },
      { type: "customer.created" },
      { type: "charge.refunded", data: { object: { id: "ch_x", object: "charge", payment_intent: "pi_unknown" } } },
      { type: "charge.refunded", data: { object: { id: "ch_x", object: "charge", payment_intent: null } } },
    ];
    for (const fields of strangers) {
      const about = JSON.parse(first.body).id as string;
      const [event] = await eventsAbout({ about, fields });
      expect(await valueOf(deliver(event ?? first))).toEqual({ received: true, outcome: "ignored" });
    }
  });

  it("another company's session that names our order is ignored", async () => {
    const victim = await paidUnheard();
    const { id } = await topUp(anActor(), 25 * USD);
    const object = { id: victim.session, object: "checkout.session", client_reference_id: id };
    const fields = { type: "checkout.session.completed", data: { object } };
    const [event] = await eventsAbout({ about: victim.id, fields });
    expect(await valueOf(deliver(event ?? victim.first))).toMatchObject({ outcome: "ignored" });
    await isUnchanged(id);
  });
});

describe("without Stripe", () => {
  const off = billingWith({ STRIPE_SECRET_KEY: "", STRIPE_WEBHOOK_SECRET: "whsec_double" });

  it("no operation of payments exists", async () => {
    const [context, actor] = [aContext(), anActor()];
    const answers = await Promise.all([
      off.createTopup(context, actor, { amount_nano_usd: 25 * USD }, null),
      off.listPayments(context, actor, {}),
      off.listPaymentMethods(context, actor),
      off.addPaymentMethod(context, actor, null),
      off.removePaymentMethod(context, actor, "pm_x", null),
      off.openPortal(context, actor, null),
      off.autoTopup(context, actor),
      off.setAutoTopup(context, actor, {}, null),
      off.receiveStripeEvent(context, "{}", null),
      off.refundPayment(context, anActor({ platformAdmin: true }), "x", {}, null),
    ]);
    const codes = answers.map((answer) => (answer.ok ? "ok" : answer.error.code));
    expect(new Set(codes)).toEqual(new Set(["not_found"]));
  });

  it("the rest works: balance, plans, statements", async () => {
    const [context, actor] = [aContext(), anActor()];
    expect(await off.balance(context, actor)).toMatchObject({ ok: true });
    expect(await off.listPlans(context, actor, {})).toMatchObject({ ok: true });
    expect(await off.listStatements(context, actor, {})).toMatchObject({ ok: true });
    expect(await off.subscription(context, actor)).toMatchObject({ ok: true, value: { plan: "payg" } });
  });
});

it("a paid top-up is listed with what it gave", async () => {
  const actor = anActor();
  const { id } = await paidTopUp(actor, 10 * USD, "fp_listed");
  const page = await valueOf(billing.listPayments(aContext(), actor, {}));
  expect(page.data).toMatchObject([{ id, status: "paid", credit_nano_usd: 10 * USD, purpose: "topup" }]);
});
