import { newId } from "@aggregator/runtime/new-id";
import type { Actor } from "@aggregator/contracts/actor";
import { describe, expect, it } from "vitest";
import {
  aContext,
  anActor,
  applied,
  billing,
  deliverAll,
  ledgerOf,
  operator,
  paidTopUp,
  paymentRow,
  postedOf,
  refusalOf,
  savedCard,
  SIGNUP,
  until,
  USD,
  valueOf,
} from "../support/billing.ts";
import { aPlan, subscribeTo, untilSubscription } from "../support/plans.ts";
import { atStripe } from "../support/stripe.ts";

function attribute(referee: Actor, referrer: Actor) {
  return billing.attributeReferral(aContext(), {
    referee_company_id: referee.companyId,
    referrer_company_id: referrer.companyId,
  });
}

async function brought() {
  const [referrer, referee] = [anActor(), anActor()];
  await valueOf(attribute(referee, referrer));
  return { referrer, referee };
}

async function referralsOf(actor: Actor) {
  return (await valueOf(billing.referrals(aContext(), actor, {}))).data;
}

/** A card of its own for each payment, so that nobody shares one by accident. */
const ownCard = () => `fp_${newId()}`;
const earned = async (actor: Actor) => (await postedOf(actor)) - SIGNUP;

describe("a commission", () => {
  it("of each settled payment from the first on: 5 % by default, on the referrer's balance", async () => {
    const { referrer, referee } = await brought();
    expect(await referralsOf(referrer)).toMatchObject([{ company_id: referee.companyId, status: "pending" }]);
    await paidTopUp(referee, 10 * USD, ownCard());
    await paidTopUp(referee, 30 * USD, ownCard());
    expect(await ledgerOf(referrer)).toEqual([
      ["signup", SIGNUP],
      ["commission", USD / 2],
      ["commission", 1.5 * USD],
    ]);
    const [referral] = await referralsOf(referrer);
    expect(referral).toMatchObject({ status: "active", commission_bps: 500, earned_nano_usd: 2 * USD });
    expect(Date.parse(referral?.ends_at ?? "")).toBeGreaterThan(Date.now() + 360 * 86_400_000);
    expect(await postedOf(referee)).toBe(SIGNUP + 40 * USD);
  });

  it("by the terms of the plan that the referrer is on at the first payment; they stay", async () => {
    const { referrer, referee } = await brought();
    const plan = await aPlan({ commission: { bps: 2_000, months: 6, cap_nano_usd: 100 * USD } });
    await subscribeTo(referrer, plan);
    await untilSubscription(referrer, { status: "active" });
    const before = await postedOf(referrer);
    await paidTopUp(referee, 10 * USD, ownCard());
    await valueOf(
      billing.updatePlan(aContext(), operator, plan.id, { commission: { bps: 0, months: 0, cap_nano_usd: 0 } }, null),
    );
    await paidTopUp(referee, 10 * USD, ownCard());
    expect((await postedOf(referrer)) - before).toBe(4 * USD);
  });

  it("never more than the cap in all, also by payments at the same time", async () => {
    const { referrer, referee } = await brought();
    const plan = await aPlan({
      monthly_fee_nano_usd: 0,
      included_credit_nano_usd: 0,
      commission: { bps: 5_000, months: 6, cap_nano_usd: 7 * USD },
    });
    await subscribeTo(referrer, plan);
    await untilSubscription(referrer, { status: "active" });
    await Promise.all([1, 2, 3, 4].map(() => paidTopUp(referee, 10 * USD, ownCard())));
    expect(await earned(referrer)).toBe(7 * USD);
  });

  it("of nothing once the months are over", async () => {
    const { referrer, referee } = await brought();
    const plan = await aPlan({
      monthly_fee_nano_usd: 0,
      included_credit_nano_usd: 0,
      commission: { bps: 5_000, months: 0, cap_nano_usd: USD },
    });
    await subscribeTo(referrer, plan);
    await untilSubscription(referrer, { status: "active" });
    await paidTopUp(referee, 10 * USD, ownCard());
    expect(await earned(referrer)).toBe(0);
  });

  it("of a subscription's fee by card too, of one from the balance not: that money earned when it came", async () => {
    const { referrer, referee } = await brought();
    const payment_method = await savedCard(referee, { fingerprint: ownCard() });
    await subscribeTo(referee, await aPlan(), { payment_method, pay_with: "card" });
    await untilSubscription(referee, { status: "active" });
    const [fee] = (await valueOf(billing.listPayments(aContext(), referee, {}))).data;
    await deliverAll(fee?.id ?? "");
    await until(async () => expect(await earned(referrer)).toBe(USD));
    const other = await brought();
    await subscribeTo(other.referee, await aPlan());
    await untilSubscription(other.referee, { status: "active" });
    expect(await earned(other.referrer)).toBe(0);
  });
});

describe("case 59: no net gain, at most one reward", () => {
  it("by oneself: refused", async () => {
    const actor = anActor();
    expect(await refusalOf(attribute(actor, actor))).toMatchObject({ param: "referrer_company_id" });
    await paidTopUp(actor, 10 * USD, ownCard());
    expect(await earned(actor)).toBe(10 * USD);
  });

  it("with the same card: void, though the referrer paid with it only later, and what was earned goes back", async () => {
    const { referrer, referee } = await brought();
    const card = ownCard();
    await paidTopUp(referee, 10 * USD, card);
    expect(await earned(referrer)).toBe(USD / 2);
    await paidTopUp(referrer, 10 * USD, card);
    expect(await earned(referrer)).toBe(10 * USD);
    expect(await referralsOf(referrer)).toMatchObject([{ status: "void", earned_nano_usd: 0 }]);
    await paidTopUp(referee, 10 * USD, ownCard());
    expect(await earned(referrer)).toBe(10 * USD);
  });

  it("with a card that the referrer has used before: nothing is ever earned", async () => {
    const { referrer, referee } = await brought();
    const card = ownCard();
    await paidTopUp(referrer, 10 * USD, card);
    await paidTopUp(referee, 10 * USD, card);
    expect((await ledgerOf(referrer)).map(([kind]) => kind)).not.toContain("commission");
  });

  it.each(["one after the other", "at the same time"])("in a circle, A → B → A, told %s", async (how) => {
    const [a, b] = [anActor(), anActor()];
    if (how === "at the same time") await Promise.all([attribute(b, a), attribute(a, b)]);
    else
      for (const [referee, referrer] of [
        [b, a],
        [a, b],
      ] as const)
        await attribute(referee, referrer);
    await paidTopUp(a, 10 * USD, ownCard());
    await paidTopUp(b, 10 * USD, ownCard());
    const total = (await earned(a)) + (await earned(b)) - 20 * USD;
    // Who was brought first may have earned its referrer once; the way back never pays.
    expect(total).toBeLessThanOrEqual(USD / 2);
    const kinds = [...(await ledgerOf(a)), ...(await ledgerOf(b))].filter(([kind]) => kind === "commission");
    expect(kinds.length).toBeLessThanOrEqual(1);
  });

  it("in a longer circle, A → B → C → A", async () => {
    const [a, b, c] = [anActor(), anActor(), anActor()];
    await attribute(b, a);
    await attribute(c, b);
    await attribute(a, c);
    await paidTopUp(a, 10 * USD, ownCard());
    expect(await earned(c)).toBe(0);
    expect(await referralsOf(c)).toMatchObject([{ status: "void" }]);
  });

  it("ten codes race for one company: one referrer earns, once", async () => {
    const referee = anActor();
    const referrers = Array.from({ length: 10 }, () => anActor());
    await Promise.all(referrers.map((referrer) => attribute(referee, referrer)));
    await attribute(referee, anActor());
    await paidTopUp(referee, 10 * USD, ownCard());
    const earnings = await Promise.all(referrers.map(earned));
    expect(earnings.toSorted((x, y) => x - y)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, USD / 2]);
  });

  it("refund after the reward: goes back in its share, to nothing", async () => {
    const { referrer, referee } = await brought();
    const { id } = await paidTopUp(referee, 10 * USD, ownCard());
    await valueOf(billing.refundPayment(aContext(), operator, id, { amount_minor: 250 }, null));
    await until(async () => expect(await earned(referrer)).toBe(375_000_000));
    await valueOf(billing.refundPayment(aContext(), operator, id, {}, null));
    await until(async () => expect(await earned(referrer)).toBe(0));
    await until(async () => expect(await referralsOf(referrer)).toMatchObject([{ earned_nano_usd: 0 }]));
  });

  it("dispute after the reward: goes back, and comes again only when the dispute is won", async () => {
    const { referrer, referee } = await brought();
    const { id, paymentIntentId } = await paidTopUp(referee, 10 * USD, ownCard());
    const dispute = await atStripe<{ id: string }>("dispute", { payment_intent: paymentIntentId });
    await deliverAll(paymentIntentId ?? "");
    await until(async () => expect(await earned(referrer)).toBe(0));
    await atStripe("close-dispute", { dispute: dispute.id, won: true });
    await deliverAll(paymentIntentId ?? "");
    await until(async () => expect(await earned(referrer)).toBe(USD / 2));
    expect((await applied(id)).status).toBe("paid");
  });

  it("a payment that is given back at once earns nothing", async () => {
    const { referrer, referee } = await brought();
    const order = await valueOf(billing.createTopup(aContext(), referee, { amount_nano_usd: 10 * USD }, null));
    const session = (await paymentRow(order.id)).checkoutSessionId;
    const intent = await atStripe<{ id: string }>("pay-session", { session, fingerprint: ownCard() });
    await atStripe("refund", { payment_intent: intent.id });
    await deliverAll(order.id);
    await applied(order.id, "paid");
    expect(await earned(referrer)).toBe(0);
    expect(await earned(referee)).toBe(0);
  });
});

describe("referrals", () => {
  it("are seen by the referrer alone, in pages, with referrals:read", async () => {
    const referrer = anActor();
    for (let index = 0; index < 3; index += 1) await attribute(anActor(), referrer);
    const first = await valueOf(billing.referrals(aContext(), referrer, { limit: "2" }));
    const rest = await valueOf(billing.referrals(aContext(), referrer, { limit: "2", cursor: first.nextCursor ?? "" }));
    const ids = [...first.data, ...rest.data].map(({ company_id }) => company_id);
    expect(new Set(ids).size).toBe(3);
    expect(rest.nextCursor).toBeNull();
    expect(await referralsOf(anActor())).toEqual([]);
    const refused = await refusalOf(billing.referrals(aContext(), anActor({ permissions: [] }), {}));
    expect(refused.code).toBe("permission_denied");
  });

  it.each([
    { referee_company_id: "x", referrer_company_id: newId() },
    { referee_company_id: newId(), referrer_company_id: "" },
  ])("an attribution of %j is refused", async (attribution) => {
    expect((await refusalOf(billing.attributeReferral(aContext(), attribution))).code).toBe("invalid_request");
  });
});
