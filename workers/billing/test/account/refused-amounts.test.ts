import type { Actor } from "@aggregator/contracts/actor";
import type { Result } from "@aggregator/contracts/result";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { accountOf, aContext, anActor, billing, ledgerOf, SIGNUP, USD } from "../support/billing.ts";
import { aCheckpoint, aReserve, aSettlement } from "../support/builders.ts";
import { aPlan } from "../support/plans.ts";

/** What is no amount of money: over the cap, negative, a part of a nano, not a number, of another kind. */
const BAD: readonly (readonly [string, unknown])[] = [
  ["over the cap", 9_000_000_000_000_001],
  ["beyond the safe integers", 2 ** 53],
  ["negative", -1],
  ["a fraction of a nano", 0.5],
  ["NaN", Number.NaN],
  ["infinite", Infinity],
  ["a text", "5"],
  ["null", null],
];

type Refuse = (actor: Actor, amount: unknown) => Promise<Result<unknown>>;

/** Operations that take an amount from outside, and the field that it is in. */
const OPERATIONS: readonly (readonly [string, string, Refuse])[] = [
  [
    "granting credit",
    "amount_nano_usd",
    (actor, amount_nano_usd) =>
      billing.grantCredit(aContext(), actor, actor.companyId, { amount_nano_usd, reason: "r" }, null),
  ],
  [
    "topping up",
    "amount_nano_usd",
    (actor, amount_nano_usd) => billing.createTopup(aContext(), actor, { amount_nano_usd }, null),
  ],
  [
    "topping up by minor units",
    "amount_minor",
    (actor, amount_minor) => billing.createTopup(aContext(), actor, { currency: "usd", amount_minor }, null),
  ],
  [
    "refunding",
    "amount_minor",
    (actor, amount_minor) => billing.refundPayment(aContext(), actor, "p", { amount_minor }, null),
  ],
  [
    "a budget",
    "amount_nano_usd",
    (actor, amount_nano_usd) =>
      billing.createBudget(aContext(), actor, { scope: "company", period: "day", amount_nano_usd }, null),
  ],
  [
    "changing a budget",
    "amount_nano_usd",
    (actor, amount_nano_usd) => billing.updateBudget(aContext(), actor, "company.day", { amount_nano_usd }, null),
  ],
  [
    "a threshold",
    "thresholds_nano_usd.0",
    (actor, amount) => billing.setLowBalanceAlert(aContext(), actor, { thresholds_nano_usd: [amount] }, null),
  ],
  [
    "a plan's fee",
    "monthly_fee_nano_usd",
    async (actor, monthly_fee_nano_usd) =>
      billing.updatePlan(aContext(), actor, (await aPlan()).id, { monthly_fee_nano_usd }, null),
  ],
  [
    "a plan's credit",
    "included_credit_nano_usd",
    async (actor, included_credit_nano_usd) =>
      billing.updatePlan(aContext(), actor, (await aPlan()).id, { included_credit_nano_usd }, null),
  ],
  [
    "an exchange rate",
    "nano_usd",
    (actor, nano_usd) => billing.setFxRate(aContext(), actor, "sek", { nano_usd, units: 1 }, null),
  ],
];

describe.each(OPERATIONS)("%s", (_name, param, refuse) => {
  it.each(BAD)("by an amount that is %s is refused by name, and nothing is changed", async (_what, amount) => {
    const actor = anActor({ platformAdmin: true, permissions: ["billing:read", "billing:manage", "budgets:manage"] });
    expect(await refuse(actor, amount)).toMatchObject({ ok: false, error: { code: "invalid_request", param } });
    expect(await ledgerOf(actor)).toEqual([["signup", SIGNUP]]);
    expect(await accountOf(actor).budgets(10, "")).toEqual([]);
  });
});

describe("the account itself", () => {
  const numbers = BAD.flatMap(([what, amount]) => (typeof amount === "number" ? [[what, amount] as const] : []));

  it.each(numbers)(
    "refuses an amount that is %s wherever one comes in, and nothing is changed",
    async (_what, amount) => {
      const actor = anActor();
      const account = accountOf(actor);
      const id = newId();
      await account.reserve(aReserve({ requestId: id }));
      const granted = { kind: "credit" as const, reason: "r", grantedBy: "o", idempotencyKey: newId() };
      const answers = [
        await account.reserve(aReserve({ requestId: newId(), holdNanoUsd: amount })),
        await account.reserve(aReserve({ requestId: newId(), promptNanoUsd: amount })),
        await account.checkpoint(aCheckpoint(id, amount)),
        await account.checkpoint(aCheckpoint(id, 1, { raiseHoldToNanoUsd: amount })),
        await account.grant({ ...granted, amountNanoUsd: amount }),
        await account.chargeFee({ amountNanoUsd: amount, description: "d", idempotencyKey: newId() }),
      ];
      expect(answers.map((answer) => (answer.ok ? "ok" : answer.error.code))).toEqual(
        answers.map(() => "invalid_request"),
      );
      expect(await account.end([aSettlement(id, amount)])).toEqual(["invalid_request"]);
      expect(await account.end([aSettlement(id, 1, { costNanoUsd: amount })])).toEqual(["invalid_request"]);
      expect(await account.balance()).toMatchObject({ posted_nano_usd: SIGNUP, held_nano_usd: 100 });
    },
  );
});

it.each(["eur", "xxx", "USD", "", 5])(
  "an amount in %j, of which no rate is known, is refused by name",
  async (currency) => {
    const actor = anActor();
    const order = { currency, amount_minor: (5 * USD) / 10_000_000 };
    expect(await billing.createTopup(aContext(), actor, order, null)).toMatchObject({
      ok: false,
      error: { code: "invalid_request", param: "currency" },
    });
    expect(await ledgerOf(actor)).toEqual([["signup", SIGNUP]]);
  },
);
