import { env } from "cloudflare:workers";
import type { Actor } from "@aggregator/contracts/actor";
import type { PlanView, SubscriptionView } from "@aggregator/contracts/plans";
import { newId } from "@aggregator/runtime/new-id";
import { findCharge, findSubscription, type SubscriptionRow } from "../../src/db/subscriptions.ts";
import { aContext, accountOf, billing, db, operator, until, USD, valueOf } from "./billing.ts";
import { aReserve } from "./builders.ts";

/** A plan on offer: 20 USD, 10 of them as credit, 5 % markup. */
export async function aPlan(terms: object = {}): Promise<PlanView> {
  const plan = {
    id: `plan-${newId()}`,
    name: "Plan",
    monthly_fee_nano_usd: 20 * USD,
    included_credit_nano_usd: 10 * USD,
    markup_bps: 500,
    ...terms,
  };
  return valueOf(billing.createPlan(aContext(), operator, plan, null));
}

export async function subscribeTo(actor: Actor, plan: PlanView, payer: object = {}): Promise<SubscriptionView> {
  const input = { plan: plan.id, pay_with: "balance", ...payer };
  return valueOf(billing.subscribe(aContext(), actor, input, newId()));
}

export async function changeTo(actor: Actor, input: object): Promise<SubscriptionView> {
  return valueOf(billing.changeSubscription(aContext(), actor, input, newId()));
}

export async function subscriptionOf(actor: Actor): Promise<SubscriptionView> {
  return valueOf(billing.subscription(aContext(), actor));
}

/** Until the flow of its last charge is over: a subscription is active before its credit is granted. */
async function flowOver(actor: Actor): Promise<void> {
  const { pendingChargeId, activeChargeId, revision, toldRevision } = await subscriptionRow(actor);
  const charge = activeChargeId === null ? undefined : await findCharge(db, activeChargeId);
  if (pendingChargeId !== null || toldRevision < revision) throw new Error("its flow is not over");
  if (charge?.status === "pending" || charge?.status === "paid") throw new Error("its charge is not settled");
}

/** Until a subscription is as wanted, and nothing of it is left to be done. */
export async function untilSubscription(actor: Actor, wanted: Partial<SubscriptionView>): Promise<SubscriptionView> {
  let seen = await subscriptionOf(actor);
  await until(async () => {
    seen = await subscriptionOf(actor);
    for (const [name, value] of Object.entries(wanted)) {
      if (Reflect.get(seen, name) !== value) throw new Error(`${name} is ${String(Reflect.get(seen, name))}`);
    }
    await flowOver(actor);
  });
  return seen;
}

export async function subscriptionRow(actor: Actor): Promise<SubscriptionRow> {
  const row = await findSubscription(db, actor.companyId);
  if (row === undefined) throw new Error("no subscription");
  return row;
}

/** Moves a subscription's period back in time, so that it ended `agoMs` ago. */
export async function endPeriod(actor: Actor, agoMs = 1_000): Promise<SubscriptionRow> {
  const row = await subscriptionRow(actor);
  const by = row.periodEndMs - (Date.now() - agoMs);
  await env.DB.prepare(
    `UPDATE subscriptions SET period_start_ms = period_start_ms - ?1, period_end_ms = period_end_ms - ?1,
     next_action_at_ms = next_action_at_ms - ?1, anchor_day = ?2 WHERE company_id = ?3`,
  )
    .bind(by, new Date(row.periodEndMs - by).getUTCDate(), actor.companyId)
    .run();
  return subscriptionRow(actor);
}

/** What the cron of a minute does. */
export async function cron(): Promise<void> {
  await billing.scheduled({ cron: "* * * * *", scheduledTime: Date.now(), noRetry: () => undefined });
}

/** The markup that the account pins for a request that begins now. */
export async function markupOf(actor: Actor): Promise<number> {
  const id = newId();
  const reserved = await accountOf(actor).reserve(aReserve({ requestId: id, holdNanoUsd: 1, promptNanoUsd: 0 }));
  if (!reserved.ok) throw new Error(reserved.error.code);
  return reserved.value.markupBps;
}
