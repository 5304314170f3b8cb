import { env } from "cloudflare:workers";
import type { Actor } from "@aggregator/contracts/actor";
import type { Answer } from "@aggregator/contracts/result";
import { newId } from "@aggregator/runtime/new-id";
import { describe, expect, it } from "vitest";
import { aContext, anActor, billing, savedCard, USD, valueOf } from "../support/billing.ts";
import { aPlan, subscribeTo, untilSubscription } from "../support/plans.ts";

interface Mutation {
  readonly call: (key: string | null, input: object) => Answer<unknown>;
  /** Two inputs, of which the second differs; none where there is no input. */
  readonly inputs?: readonly [object, object];
}

const MONTH = "company.month";
const budgeted = async (actor: Actor) => {
  const budget = { scope: "company", period: "month", amount_nano_usd: 1 };
  await valueOf(billing.createBudget(aContext(), actor, budget, null));
};

const MUTATIONS: readonly [string, (actor: Actor) => Promise<Mutation>][] = [
  [
    "updateBudget",
    async (actor) => {
      await budgeted(actor);
      const call: Mutation["call"] = (key, input) => billing.updateBudget(aContext(), actor, MONTH, input, key);
      return { call, inputs: [{ amount_nano_usd: 5 }, { amount_nano_usd: 6 }] };
    },
  ],
  [
    "deleteBudget",
    async (actor) => {
      await budgeted(actor);
      return { call: (key) => billing.deleteBudget(aContext(), actor, MONTH, key) };
    },
  ],
  [
    "setLowBalanceAlert",
    async (actor) => ({
      call: (key, input) => billing.setLowBalanceAlert(aContext(), actor, input, key),
      inputs: [{ thresholds_nano_usd: [5] }, { thresholds_nano_usd: [6] }],
    }),
  ],
  [
    "updatePlan",
    async (actor) => {
      const { id } = await aPlan();
      const call: Mutation["call"] = (key, input) => billing.updatePlan(aContext(), actor, id, input, key);
      return { call, inputs: [{ markup_bps: 1 }, { markup_bps: 2 }] };
    },
  ],
  [
    "archivePlan",
    async (actor) => {
      const { id } = await aPlan();
      return { call: (key) => billing.archivePlan(aContext(), actor, id, key) };
    },
  ],
  [
    "cancelSubscription",
    async (actor) => {
      await subscribeTo(actor, await aPlan());
      await untilSubscription(actor, { status: "active" });
      return { call: (key) => billing.cancelSubscription(aContext(), actor, key) };
    },
  ],
  [
    "removePaymentMethod",
    async (actor) => {
      const card = await savedCard(actor);
      return { call: (key) => billing.removePaymentMethod(aContext(), actor, card, key) };
    },
  ],
  [
    "setFxRate",
    async (actor) => ({
      call: (key, input) => billing.setFxRate(aContext(), actor, "nok", input, key),
      inputs: [
        { nano_usd: 1, units: 1 },
        { nano_usd: 2, units: 1 },
      ],
    }),
  ],
  [
    "reconcileStripe",
    async (actor) => ({
      call: (key, input) => billing.reconcileStripe(aContext(), actor, input, key),
      inputs: [{ day: "2026-01-01" }, { day: "2026-01-02" }],
    }),
  ],
  [
    "setMarkupOverride",
    async (actor) => {
      const company_id = actor.companyId;
      const call: Mutation["call"] = (key, input) => billing.setMarkupOverride(aContext(), actor, input, key);
      return {
        call,
        inputs: [
          { company_id, markup_bps: 1 },
          { company_id, markup_bps: 2 },
        ],
      };
    },
  ],
  [
    "deleteMarkupOverride",
    async (actor) => {
      const company_id = actor.companyId;
      for (const model of ["a", "b"]) {
        await valueOf(billing.setMarkupOverride(aContext(), actor, { company_id, model, markup_bps: 1 }, null));
      }
      const call: Mutation["call"] = (key, input) => billing.deleteMarkupOverride(aContext(), actor, input, key);
      return {
        call,
        inputs: [
          { company_id, model: "a" },
          { company_id, model: "b" },
        ],
      };
    },
  ],
  [
    "restoreLedger",
    async (actor) => ({
      call: (key, input) => billing.restoreLedger(aContext(), actor, actor.companyId, input, key),
      inputs: [{ day: "2026-01-01" }, { day: "2026-01-02" }],
    }),
  ],
];

describe.each(MUTATIONS)("an Idempotency-Key of %s", (name, prepare) => {
  const permissions = ["billing:read", "billing:manage", "budgets:manage"] as const;
  const anOperator = () => anActor({ platformAdmin: true, permissions });

  it("is carried out once: the same body replays the answer, another is 409, and so is one in flight", async () => {
    const actor = anOperator();
    const { call, inputs: [input, other] = [{}, null] } = await prepare(actor);
    const key = newId();
    const first = await call(key, input);
    // Nothing is archived of a company that has just begun: a refusal is an answer too.
    expect(first.ok).toBe(name !== "restoreLedger");
    expect(await call(key, input)).toEqual({ ...first, replayed: true });
    const reused = other === null ? [] : [await call(key, other)];
    expect(reused.map((answer) => !answer.ok && answer.error.code)).toEqual(reused.map(() => "idempotency_key_reused"));
    await env.DB.prepare(
      "UPDATE idempotency_keys SET answer = NULL, locked_until_ms = ? WHERE company_id = ? AND key = ?",
    )
      .bind(Date.now() + 60_000, actor.companyId, key)
      .run();
    expect(await call(key, input)).toMatchObject({ error: { code: "idempotency_in_progress" } });
  });
});

it("a replay of a change does not undo a later one", async () => {
  const actor = anActor({ permissions: ["billing:read", "budgets:manage"] });
  await budgeted(actor);
  const change = (amount: number, key: string) =>
    billing.updateBudget(aContext(), actor, MONTH, { amount_nano_usd: amount }, key);
  await valueOf(change(5 * USD, "first"));
  await valueOf(change(9 * USD, "second"));
  expect(await valueOf(change(5 * USD, "first"))).toMatchObject({ amount_nano_usd: 5 * USD });
  expect(await valueOf(billing.getBudget(aContext(), actor, MONTH))).toMatchObject({ amount_nano_usd: 9 * USD });
});
