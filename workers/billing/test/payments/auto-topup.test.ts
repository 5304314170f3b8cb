import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { runAutoTopups } from "../../src/payments/run-auto-topups.ts";
import { sweepPayments } from "../../src/payments/sweep-payments.ts";
import {
  aContext,
  accountOf,
  anActor,
  applied,
  billing,
  deliverAll,
  IMPATIENT,
  postedOf,
  savedCard,
  SIGNUP,
  until,
  USD,
  valueOf,
} from "../support/billing.ts";
import { atStripe, callsTo } from "../support/stripe.ts";

const MINUTE = 60_000;

interface Terms {
  readonly cap?: number;
  readonly declines?: string;
}

/** A company with less than its threshold: 5 of 20 USD. */
async function lowOnMoney({ cap = 100, declines }: Terms = {}) {
  const actor = anActor();
  const card = await savedCard(actor, declines === undefined ? {} : { declines });
  const terms = {
    enabled: true,
    threshold_nano_usd: 20 * USD,
    amount_nano_usd: 10 * USD,
    monthly_cap_nano_usd: cap * USD,
    payment_method: card,
  };
  await valueOf(billing.setAutoTopup(aContext(), actor, terms, null));
  await spend(actor, SIGNUP - 5 * USD);
  return { actor, card };
}

async function spend(actor: ReturnType<typeof anActor>, amountNanoUsd: number): Promise<void> {
  const idempotencyKey = crypto.randomUUID();
  await accountOf(actor).chargeFee({ amountNanoUsd, description: "spent", idempotencyKey });
}

async function paymentsOf(actor: ReturnType<typeof anActor>) {
  return (await valueOf(billing.listPayments(aContext(), actor, {}))).data;
}

async function notInFlight(actor: ReturnType<typeof anActor>): Promise<void> {
  await until(async () =>
    expect(await valueOf(billing.autoTopup(aContext(), actor))).toMatchObject({ in_flight: false }),
  );
}

describe("an automatic top-up", () => {
  it("refills below the threshold and leaves the rest alone", async () => {
    const { actor } = await lowOnMoney();
    await runAutoTopups(env, Date.now());
    const [payment] = await paymentsOf(actor);
    await applied(payment?.id ?? "", "paid");
    expect(payment).toMatchObject({ purpose: "auto_topup", credit_nano_usd: 10 * USD });
    expect(await postedOf(actor)).toBe(15 * USD);
    await notInFlight(actor);
    await spend(actor, 1);
    await runAutoTopups(env, Date.now() + 2 * MINUTE);
    await until(async () => expect(await postedOf(actor)).toBe(25 * USD - 1));
    await notInFlight(actor);
    await runAutoTopups(env, Date.now() + 4 * MINUTE);
    expect(await paymentsOf(actor)).toHaveLength(2);
  });

  it("five triggers at once: one payment in flight, one charge", async () => {
    const { actor, card } = await lowOnMoney();
    await Promise.all(Array.from({ length: 5 }, () => runAutoTopups(env, Date.now())));
    const payments = await paymentsOf(actor);
    expect(payments).toHaveLength(1);
    await applied(payments[0]?.id ?? "", "paid");
    expect(await postedOf(actor)).toBe(15 * USD);
    const asked = await callsTo("POST /v1/payment_intents");
    expect(asked.filter(({ idempotencyKey }) => idempotencyKey === `payment-${payments[0]?.id}`)).toHaveLength(1);
    expect(card).toMatch(/^pm_/);
  });

  it("never passes the month's cap", async () => {
    const { actor } = await lowOnMoney({ cap: 25 });
    for (const minutes of [0, 2, 4, 6]) {
      await runAutoTopups(env, Date.now() + minutes * MINUTE);
      await notInFlight(actor);
      await spend(actor, (await postedOf(actor)) - USD);
    }
    expect(await paymentsOf(actor)).toHaveLength(2);
  });

  it("declined: waits longer each time and is switched off after the fourth", async () => {
    const { actor } = await lowOnMoney({ declines: "card_declined" });
    const HOUR = 60 * MINUTE;
    let waited = 0;
    for (const [index, wait] of [1, 6, 24, 1_000].entries()) {
      await runAutoTopups(env, Date.now() + waited * HOUR + MINUTE);
      await notInFlight(actor);
      const standing = await valueOf(billing.autoTopup(aContext(), actor));
      expect(standing).toMatchObject({ failures: index + 1, enabled: index < 3 });
      await runAutoTopups(env, Date.now() + wait * HOUR - MINUTE);
      expect(await paymentsOf(actor)).toHaveLength(index + 1);
      waited = wait;
    }
    expect(await postedOf(actor)).toBe(5 * USD);
  });

  it("Stripe acts and says nothing: the place stays taken until its event tells what became of it", async () => {
    const { actor, card } = await lowOnMoney();
    await atStripe("fault", { match: "POST /v1/payment_intents", about: card, kind: "lose_reply", times: 2 });
    await runAutoTopups(IMPATIENT, Date.now());
    await runAutoTopups(env, Date.now() + 2 * MINUTE);
    const payments = await paymentsOf(actor);
    expect(payments).toHaveLength(1);
    await deliverAll(payments[0]?.id ?? "");
    await applied(payments[0]?.id ?? "", "paid");
    expect(await postedOf(actor)).toBe(15 * USD);
    await notInFlight(actor);
  });

  it("Stripe acts, says nothing and its event is lost too: the sweep finds the payment", async () => {
    const { actor, card } = await lowOnMoney();
    await atStripe("fault", { match: "POST /v1/payment_intents", about: card, kind: "lose_reply", times: 2 });
    await runAutoTopups(IMPATIENT, Date.now());
    const [payment] = await paymentsOf(actor);
    await sweepPayments(env, Date.now() + 11 * MINUTE);
    await applied(payment?.id ?? "", "paid");
    expect(await postedOf(actor)).toBe(15 * USD);
    await notInFlight(actor);
  });

  it("Stripe never heard of it: the order is given up, and a new one may begin", async () => {
    const { actor, card } = await lowOnMoney();
    await atStripe("fault", { match: "POST /v1/payment_intents", about: card, kind: "error", times: 2 });
    await runAutoTopups(env, Date.now());
    const [payment] = await paymentsOf(actor);
    await sweepPayments(env, Date.now() + 11 * MINUTE);
    expect(await applied(payment?.id ?? "", "failed")).toMatchObject({ failureCode: "never_sent" });
    await notInFlight(actor);
    await runAutoTopups(env, Date.now() + 3 * 60 * MINUTE);
    await until(async () => expect(await postedOf(actor)).toBe(15 * USD));
  });

  it("one company's broken card does not stop the next company", async () => {
    const broken = await lowOnMoney();
    await billing.removePaymentMethod(aContext(), broken.actor, broken.card, null);
    await atStripe("fault", { match: "POST /v1/payment_intents", about: broken.card, kind: "error", times: 9 });
    const { actor } = await lowOnMoney();
    await runAutoTopups(env, Date.now());
    await until(async () => expect(await postedOf(actor)).toBe(15 * USD));
  });
});
