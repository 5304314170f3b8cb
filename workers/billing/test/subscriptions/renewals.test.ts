import { env } from "cloudflare:workers";
import type { Page } from "@aggregator/contracts/page";
import type { PlanView } from "@aggregator/contracts/plans";
import { describe, expect, it } from "vitest";
import {
  accountOf,
  aContext,
  anActor,
  billing,
  ledgerOf,
  postedOf,
  refusalOf,
  savedCard,
  SIGNUP,
  until,
  USD,
  valueOf,
} from "../support/billing.ts";
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
import { atStripe } from "../support/stripe.ts";

const DAY = 86_400_000;

async function subscribed(payer: object = {}, terms: object = {}) {
  const actor = anActor();
  const plan = await aPlan(terms);
  await subscribeTo(actor, plan, payer);
  await untilSubscription(actor, { status: "active" });
  await until(async () => expect(await markupOf(actor)).toBe(500));
  return { actor, plan };
}

async function cardSubscribed(terms: object = {}) {
  const actor = anActor();
  const card = await savedCard(actor);
  const plan = await aPlan(terms);
  await subscribeTo(actor, plan, { pay_with: "card", payment_method: card });
  await untilSubscription(actor, { status: "active" });
  return { actor, card, plan };
}

/** Lets the next retry be due now. */
async function dueNow(actor: ReturnType<typeof anActor>): Promise<void> {
  await env.DB.prepare("UPDATE subscriptions SET next_action_at_ms = 0 WHERE company_id = ?")
    .bind(actor.companyId)
    .run();
}

describe("a renewal", () => {
  it("by cron, three crons at once: one fee, one credit; the next period begins where the last ended", async () => {
    const { actor } = await subscribed();
    const { periodEndMs } = await endPeriod(actor, 3 * DAY);
    await Promise.all([cron(), cron(), cron()]);
    await until(async () => expect((await subscriptionRow(actor)).periodStartMs).toBe(periodEndMs));
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP - 20 * USD));
    await cron();
    expect((await ledgerOf(actor)).map(([kind]) => kind)).toEqual(["signup", "charge", "credit", "charge", "credit"]);
    const length = (await subscriptionRow(actor)).periodEndMs - periodEndMs;
    expect([28, 29, 30, 31]).toContain(length / DAY);
  });

  it("takes the fee that the plan has then", async () => {
    const { actor, plan } = await subscribed();
    const change = { monthly_fee_nano_usd: 30 * USD, included_credit_nano_usd: 0 };
    await valueOf(billing.updatePlan(aContext(), anActor({ platformAdmin: true }), plan.id, change, null));
    await endPeriod(actor);
    await cron();
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP - 10 * USD - 30 * USD));
  });

  it("is not due before its time", async () => {
    const { actor } = await subscribed();
    await cron();
    expect(await postedOf(actor)).toBe(SIGNUP - 10 * USD);
  });
});

describe("dunning", () => {
  it("declined: past due with the plan in force, tried again by schedule, then pay as you go", async () => {
    const { actor, card } = await cardSubscribed();
    await atStripe("change-card", { card, declines: "card_declined" });
    const { periodEndMs } = await endPeriod(actor);
    for (const [index, days] of [1, 3, 5, 7].entries()) {
      await cron();
      const seen = await untilSubscription(actor, { status: "past_due", failed_attempts: index + 1 });
      expect(Date.parse(seen.next_attempt_at ?? "")).toBe(periodEndMs + days * DAY);
      expect(await markupOf(actor)).toBe(500);
      await cron();
      expect(await subscriptionOf(actor)).toMatchObject({ failed_attempts: index + 1 });
      await dueNow(actor);
    }
    await cron();
    await untilSubscription(actor, { status: "canceled", plan: "payg" });
    await until(async () => expect(await markupOf(actor)).toBe(0));
    expect(await postedOf(actor)).toBe(SIGNUP + 10 * USD);
  });

  it("a new card is tried at once, and the period is the one that was due", async () => {
    const { actor, card } = await cardSubscribed();
    await atStripe("change-card", { card, declines: "expired_card" });
    const { periodEndMs } = await endPeriod(actor);
    await cron();
    await untilSubscription(actor, { status: "past_due" });
    await changeTo(actor, { payment_method: await savedCard(actor) });
    await cron();
    await untilSubscription(actor, { status: "active", failed_attempts: 0 });
    expect((await subscriptionRow(actor)).periodStartMs).toBe(periodEndMs);
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 20 * USD));
  });

  it("an empty balance is a failed try, never a negative balance; a top-up and it goes on", async () => {
    const { actor } = await subscribed();
    const left = await postedOf(actor);
    await accountOf(actor).chargeFee({ amountNanoUsd: left - USD, description: "spent", idempotencyKey: "spent" });
    await endPeriod(actor);
    await cron();
    await untilSubscription(actor, { status: "past_due" });
    expect(await postedOf(actor)).toBe(USD);
    const credit = { amount_nano_usd: 50 * USD, reason: "help" };
    const admin = anActor({ platformAdmin: true });
    await valueOf(billing.grantCredit(aContext(), admin, actor.companyId, credit, null));
    await dueNow(actor);
    await cron();
    await untilSubscription(actor, { status: "active" });
    await until(async () => expect(await postedOf(actor)).toBe(41 * USD));
  });

  it("canceled while it is overdue: over at once", async () => {
    const { actor, card } = await cardSubscribed();
    await atStripe("change-card", { card, declines: "card_declined" });
    await endPeriod(actor);
    await cron();
    await untilSubscription(actor, { status: "past_due" });
    await valueOf(billing.cancelSubscription(aContext(), actor, null));
    expect(await subscriptionOf(actor)).toMatchObject({ status: "canceled" });
    expect(await markupOf(actor)).toBe(0);
  });
});

describe("a trial", () => {
  it("begins at once for nothing, with markup and limits; its end begins the first paid period", async () => {
    const actor = anActor();
    const plan = await aPlan({ trial_days: 14 });
    expect(await subscribeTo(actor, plan)).toMatchObject({ status: "trialing", plan: plan.id });
    expect(await markupOf(actor)).toBe(500);
    expect(await postedOf(actor)).toBe(SIGNUP);
    const row = await subscriptionRow(actor);
    expect(row.periodEndMs - row.periodStartMs).toBe(14 * DAY);
    expect(row.anchorDay).toBe(new Date(row.periodEndMs).getUTCDate());
    await endPeriod(actor);
    await cron();
    await untilSubscription(actor, { status: "active" });
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP - 10 * USD));
    const paid = await subscriptionRow(actor);
    expect([28, 29, 30, 31]).toContain((paid.periodEndMs - paid.periodStartMs) / DAY);
  });

  it("a repeat of the call that began it answers the same, not a conflict", async () => {
    const actor = anActor();
    const input = { plan: (await aPlan({ trial_days: 14 })).id, pay_with: "balance" };
    const first = await billing.subscribe(aContext(), actor, input, "k");
    await env.DB.prepare("UPDATE idempotency_keys SET answer = NULL, locked_until_ms = 0 WHERE company_id = ?")
      .bind(actor.companyId)
      .run();
    expect(await billing.subscribe(aContext(), actor, input, "k")).toEqual(first);
  });

  it("is had once per company", async () => {
    const actor = anActor();
    const plan = await aPlan({ trial_days: 14 });
    await subscribeTo(actor, plan);
    await valueOf(billing.cancelSubscription(aContext(), actor, null));
    await endPeriod(actor);
    await cron();
    expect(await subscriptionOf(actor)).toMatchObject({ status: "canceled" });
    expect(await subscribeTo(actor, plan)).not.toMatchObject({ status: "trialing" });
    await untilSubscription(actor, { status: "active" });
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP - 10 * USD));
  });

  it("begun without a card ends on the card that was saved meanwhile", async () => {
    const actor = anActor();
    const plan = await aPlan({ trial_days: 14 });
    await subscribeTo(actor, plan, { pay_with: "card" });
    await savedCard(actor);
    await endPeriod(actor);
    await cron();
    await untilSubscription(actor, { status: "active" });
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP + 10 * USD));
  });

  it("does not carry over to a plan without one: that begins when the trial ends", async () => {
    const actor = anActor();
    const plan = await aPlan({ trial_days: 14 });
    await subscribeTo(actor, plan);
    const dear = await aPlan({ monthly_fee_nano_usd: 40 * USD, markup_bps: 0 });
    expect(await changeTo(actor, { plan: dear.id })).toMatchObject({ plan: plan.id, next_plan: dear.id });
    expect(await markupOf(actor)).toBe(500);
  });
});

describe("plans", () => {
  const admin = anActor({ platformAdmin: true });

  it("a new markup and new limits reach every account on the plan", async () => {
    const { actor, plan } = await subscribed();
    const changed = await valueOf(
      billing.updatePlan(aContext(), admin, plan.id, { markup_bps: 1_200, cache_hit_bps: 100 }, null),
    );
    expect(changed).toMatchObject({ markup_bps: 1_200, cache_hit_bps: 100, name: plan.name, rate_limits: {} });
    expect(await markupOf(actor)).toBe(1_200);
    const limits = { rate_limits: { requests_per_minute: 1 } };
    expect(await valueOf(billing.updatePlan(aContext(), admin, plan.id, limits, null))).toMatchObject(limits);
    await expect(markupOf(actor)).rejects.toThrow("rate_limit_exceeded");
  });

  it("archived: off the offer, not off the list of operators; who is on it stays and is renewed", async () => {
    const { actor, plan } = await subscribed();
    await billing.archivePlan(aContext(), admin, plan.id, null);
    const offered = await valueOf(billing.listPlans(aContext(), actor, { limit: "100" }));
    expect(offered.data.map(({ id }) => id)).not.toContain(plan.id);
    expect(await valueOf(billing.getPlan(aContext(), admin, plan.id))).toMatchObject({ is_archived: true });
    await endPeriod(actor);
    await cron();
    await until(async () => expect(await postedOf(actor)).toBe(SIGNUP - 20 * USD));
  });

  it("are listed in pages, each once", async () => {
    const made = new Set([(await aPlan()).id, (await aPlan()).id, (await aPlan()).id]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: object = { limit: "2", ...(cursor === null ? {} : { cursor }) };
      const page: Page<PlanView> = await valueOf(billing.listAllPlans(aContext(), admin, query));
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining([...made]));
  });

  const valid = { id: "ok", name: "Ok", monthly_fee_nano_usd: USD };
  it.each([
    ["an id that is pay as you go's", { ...valid, id: "payg" }, "id"],
    ["an id with a slash", { ...valid, id: "a/b" }, "id"],
    ["a fee of parts of a cent", { ...valid, monthly_fee_nano_usd: USD + 1 }, "monthly_fee_nano_usd"],
    ["a fee that no card can pay", { ...valid, monthly_fee_nano_usd: 10_000_000 }, "monthly_fee_nano_usd"],
    ["a negative fee", { ...valid, monthly_fee_nano_usd: -USD }, "monthly_fee_nano_usd"],
    ["more than all of an answer's price from the cache", { ...valid, cache_hit_bps: 10_001 }, "cache_hit_bps"],
    ["a negative markup", { ...valid, markup_bps: -1 }, "markup_bps"],
    ["a fraction of a basis point", { ...valid, markup_bps: 0.5 }, "markup_bps"],
    ["credit beyond the cap", { ...valid, included_credit_nano_usd: 2 ** 53 }, "included_credit_nano_usd"],
    [
      "a commission of more than all",
      { ...valid, commission: { bps: 10_001, months: 1, cap_nano_usd: 1 } },
      "commission.bps",
    ],
    ["an unknown field", { ...valid, colour: "red" }, "colour"],
  ])("%s is refused by name", async (_name, input, param) => {
    expect(await refusalOf(billing.createPlan(aContext(), admin, input, null))).toMatchObject({ param });
  });

  it("belong to operators; a taken id is said to be, and one key makes one plan", async () => {
    const input = { ...valid, id: `once-${Date.now()}` };
    expect((await refusalOf(billing.createPlan(aContext(), anActor(), input, null))).code).toBe("permission_denied");
    const first = await billing.createPlan(aContext(), admin, input, "k");
    expect(await billing.createPlan(aContext(), admin, input, "k")).toEqual({ ...first, replayed: true });
    expect((await refusalOf(billing.createPlan(aContext(), admin, input, null))).code).toBe("already_exists");
    for (const call of [
      billing.updatePlan(aContext(), anActor(), input.id, {}, null),
      billing.archivePlan(aContext(), anActor(), input.id, null),
      billing.getPlan(aContext(), anActor(), input.id),
      billing.listAllPlans(aContext(), anActor(), {}),
    ]) {
      expect((await refusalOf(call)).code).toBe("permission_denied");
    }
    expect((await refusalOf(billing.updatePlan(aContext(), admin, "no-such", {}, null))).code).toBe("not_found");
  });
});
