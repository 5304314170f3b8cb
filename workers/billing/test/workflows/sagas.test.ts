import { env } from "cloudflare:workers";
import type { Actor } from "@aggregator/contracts/actor";
import type { WorkflowStep } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { settleCharge } from "../../src/workflows/settle-charge.ts";
import { settlePayment } from "../../src/workflows/settle-payment.ts";
import {
  accountOf,
  aContext,
  anActor,
  billing,
  billingWith,
  ledgerOf,
  paymentRow,
  savedCard,
  SIGNUP,
  topUp,
  USD,
  valueOf,
} from "../support/billing.ts";
import { type FaultKind, runThrough } from "../support/crashing-step.ts";
import { aPlan, markupOf, subscriptionOf, subscriptionRow } from "../support/plans.ts";
import { atStripe } from "../support/stripe.ts";

/** A flow that somebody begins and nobody runs: the test does. */
const NOT_RUN = { create: () => Promise.resolve({}), get: () => Promise.resolve({}) } as unknown as Workflow;
const idle = billingWith({ SUBSCRIPTION_FLOW: NOT_RUN, PAYMENT_FLOW: NOT_RUN });

type Run = (step: WorkflowStep) => Promise<void>;
interface Saga {
  readonly run: Run;
  /** Everything that must be the same however the run went. */
  readonly outcome: () => Promise<unknown>;
}

function payment(id: string): Run {
  return (step) => settlePayment(env, step, id);
}

function charge(id: string): Run {
  return (step) => settleCharge(env, step, id);
}

async function refundsOf(actor: Actor): Promise<number[]> {
  const [paid] = (await valueOf(billing.listPayments(aContext(), actor, {}))).data;
  if (paid === undefined) return [];
  const { paymentIntentId } = await paymentRow(paid.id);
  const { data } = await atStripe<{ data: { amount: number }[] }>("refunds", { payment_intent: paymentIntentId });
  return data.map(({ amount }) => amount);
}

async function isFull(actor: Actor): Promise<void> {
  await accountOf(actor).grant({
    kind: "adjustment",
    amountNanoUsd: 9_000_000_000_000_000 - SIGNUP,
    reason: "full",
    grantedBy: "test",
    idempotencyKey: "full",
  });
}

/** A top-up that is paid at Stripe, of a company that another one brought. */
async function paidTopUp(actor: Actor): Promise<Saga> {
  const referrer = anActor();
  const referral = { referee_company_id: actor.companyId, referrer_company_id: referrer.companyId };
  await valueOf(billing.attributeReferral(aContext(), referral));
  const { id } = await topUp(actor, 10 * USD);
  const session = (await paymentRow(id)).checkoutSessionId;
  await atStripe("pay-session", { session, fingerprint: `fp_${id}` });
  const outcome = async () => {
    const { status, revision, appliedRevision } = await paymentRow(id);
    const ledgers = [await ledgerOf(actor), await ledgerOf(referrer)];
    return { status, isApplied: revision === appliedRevision, ledgers, refunds: await refundsOf(actor) };
  };
  return { run: payment(id), outcome };
}

async function subscription(actor: Actor, payer: object): Promise<Saga> {
  const plan = await aPlan();
  await valueOf(idle.subscribe(aContext(), actor, { plan: plan.id, ...payer }, null));
  const { pendingChargeId } = await subscriptionRow(actor);
  const outcome = async () => {
    const { status, pending_charge } = {
      ...(await subscriptionOf(actor)),
      pending_charge: (await subscriptionRow(actor)).pendingChargeId,
    };
    const [ledger, refunds] = [await ledgerOf(actor), await refundsOf(actor)];
    const charged = await env.DB.prepare("SELECT status FROM subscription_charges WHERE id = ?")
      .bind(pendingChargeId)
      .first("status");
    return { status, pending_charge, charged, ledger, refunds };
  };
  return { run: charge(pendingChargeId ?? ""), outcome };
}

const SAGAS: readonly [string, (actor: Actor) => Promise<Saga>, object][] = [
  [
    "pay → credit → commission → notice",
    paidTopUp,
    {
      status: "paid",
      isApplied: true,
      refunds: [],
      ledgers: [
        [
          ["signup", SIGNUP],
          ["credit", 10 * USD],
        ],
        [
          ["signup", SIGNUP],
          ["commission", USD / 2],
        ],
      ],
    },
  ],
  [
    "pay → no room for the credit → give back",
    async (actor) => {
      await isFull(actor);
      return paidTopUp(actor);
    },
    {
      status: "paid",
      isApplied: true,
      refunds: [1_000],
      ledgers: [
        [
          ["signup", SIGNUP],
          ["adjustment", 9_000_000_000_000_000 - SIGNUP],
        ],
        [["signup", SIGNUP]],
      ],
    },
  ],
  [
    "subscribe → charge the balance → grant",
    async (actor) => subscription(actor, { pay_with: "balance" }),
    {
      status: "active",
      pending_charge: null,
      charged: "applied",
      refunds: [],
      ledger: [
        ["signup", SIGNUP],
        ["charge", -20 * USD],
        ["credit", 10 * USD],
      ],
    },
  ],
  [
    "subscribe → charge a card → grant",
    async (actor) => subscription(actor, { payment_method: await savedCard(actor) }),
    {
      status: "active",
      pending_charge: null,
      charged: "applied",
      refunds: [],
      ledger: [
        ["signup", SIGNUP],
        ["credit", 10 * USD],
      ],
    },
  ],
  [
    "subscribe → the card is declined → nothing begins",
    async (actor) => subscription(actor, { payment_method: await savedCard(actor, { declines: "card_declined" }) }),
    { status: "canceled", pending_charge: null, charged: "failed", refunds: [], ledger: [["signup", SIGNUP]] },
  ],
  [
    "subscribe → charge a card → no room for the credit → give back",
    async (actor) => {
      await isFull(actor);
      return subscription(actor, { payment_method: await savedCard(actor) });
    },
    {
      status: "canceled",
      pending_charge: null,
      charged: "refunded",
      refunds: [2_000],
      ledger: [
        ["signup", SIGNUP],
        ["adjustment", 9_000_000_000_000_000 - SIGNUP],
      ],
    },
  ],
];

describe.each(SAGAS)("%s", (_name, begin, wanted) => {
  it("runs to its end", async () => {
    const saga = await begin(anActor());
    expect(await runThrough(saga.run, null)).toBeGreaterThan(2);
    expect(await saga.outcome()).toEqual(wanted);
  });

  it("every step twice: the same end", async () => {
    const saga = await begin(anActor());
    await runThrough(saga.run, { kind: "twice", at: 0 });
    expect(await saga.outcome()).toEqual(wanted);
  });

  it("the whole run twice, and two at once: the same end", async () => {
    const saga = await begin(anActor());
    await Promise.all([runThrough(saga.run, null), runThrough(saga.run, null)]);
    await runThrough(saga.run, null);
    expect(await saga.outcome()).toEqual(wanted);
  });

  it.each(["before", "after"] as const satisfies readonly FaultKind[])(
    "a crash %s each step: the same end",
    async (kind) => {
      const steps = await runThrough((await begin(anActor())).run, null);
      for (let at = 0; at < steps; at += 1) {
        const saga = await begin(anActor());
        await runThrough(saga.run, { kind, at });
        expect([at, await saga.outcome()]).toEqual([at, wanted]);
      }
    },
  );
});

it("a plan is in force when its saga is over, and not before", async () => {
  const actor = anActor();
  const saga = await subscription(actor, { pay_with: "balance" });
  expect(await markupOf(actor)).toBe(0);
  await runThrough(saga.run, null);
  expect(await markupOf(actor)).toBe(500);
});
