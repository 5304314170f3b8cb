import type { Actor } from "@aggregator/contracts/actor";
import type { SubscriptionView } from "@aggregator/contracts/plans";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { type Database, openDatabase } from "../db/client.ts";
import { findPlan, type PlanRow } from "../db/plans.ts";
import { findSubscription, insertCharge, isLive, saveSubscription, type SubscriptionRow } from "../db/subscriptions.ts";
import type { Env } from "../env.ts";
import { runOnce } from "../idempotency/run-once.ts";
import { beginCharge } from "./begin-charge.ts";
import { prorate } from "./period.ts";
import { subscriptionView } from "./subscription-view.ts";

const ChangeInput = z.strictObject({
  plan: z.string().min(1).max(63).optional(),
  /** false takes a cancellation back. */
  cancel_at_period_end: z.boolean().optional(),
});

export interface ChangeRequest {
  readonly input: unknown;
  readonly idempotencyKey: string | null;
  readonly requestId: string;
}

const CHANGED = err("conflict", "The subscription was changed at the same time; look at it and try again.");
const NONE_LIVE = err("conflict", "There is no live subscription; subscribe first.");

/**
 * Changes the plan, or takes a cancellation back. A dearer plan is in force when its difference for the rest
 * of the period is paid; a cheaper one begins with the next period. Needs `billing:manage`. `conflict`
 * when none is live or a charge is pending.
 */
export async function changeSubscription(env: Env, actor: Actor, request: ChangeRequest): Answer<SubscriptionView> {
  const allowed = requirePermission(actor, "billing:manage");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(ChangeInput, request.input);
  if (!parsed.ok) return parsed;
  const db = openDatabase(env.DB);
  const once = { ...request, companyId: actor.companyId, route: "changeSubscription", key: request.idempotencyKey };
  return runOnce(db, once, async (workId) => {
    const seen = await findSubscription(db, actor.companyId);
    if (seen === undefined || !isLive(seen)) return NONE_LIVE;
    const { plan: planId, cancel_at_period_end: cancelAtPeriodEnd } = parsed.value;
    if (planId !== undefined) {
      const plan = await findPlan(db, planId);
      if (plan === undefined || plan.archivedAtMs !== null) {
        return err("invalid_request", "plan: there is no such plan on offer.", { param: "plan" });
      }
      return changePlan(env, db, seen, plan, `change-${workId}`);
    }
    if (cancelAtPeriodEnd === undefined)
      return err("invalid_request", "plan: say what is to change.", { param: "plan" });
    const saved = await saveSubscription(db, seen, { cancelAtPeriodEnd }, Date.now());
    return saved ? ok(subscriptionView(await findSubscription(db, actor.companyId))) : CHANGED;
  });
}

/** Ends the subscription with the period that is paid for; one that was never paid ends at once. Needs `billing:manage`. */
export async function cancelSubscription(env: Env, actor: Actor): Answer<SubscriptionView> {
  const allowed = requirePermission(actor, "billing:manage");
  if (!allowed.ok) return allowed;
  const db = openDatabase(env.DB);
  const seen = await findSubscription(db, actor.companyId);
  if (seen === undefined || seen.status === "canceled") return NONE_LIVE;
  const isPaid = seen.status === "active" || seen.status === "trialing";
  const change = isPaid
    ? { cancelAtPeriodEnd: true }
    : // A renewal that is being tried, or a first fee: what is paid from now on goes back.
      { status: "canceled" as const, pendingChargeId: null };
  const saved = await saveSubscription(db, seen, change, Date.now());
  return saved ? ok(subscriptionView(await findSubscription(db, actor.companyId))) : CHANGED;
}

async function changePlan(
  env: Env,
  db: Database,
  seen: SubscriptionRow,
  plan: PlanRow,
  chargeId: string,
): Answer<SubscriptionView> {
  const nowMs = Date.now();
  const current = await findPlan(db, seen.planId);
  const isDearer = plan.monthlyFeeNanoUsd > (current?.monthlyFeeNanoUsd ?? 0);
  if (seen.status !== "active" || !isDearer || current === undefined) {
    const nextPlanId = plan.id === seen.planId ? null : plan.id;
    const change = seen.status === "trialing" ? { planId: plan.id, nextPlanId: null } : { nextPlanId };
    const saved = await saveSubscription(db, seen, { ...change, cancelAtPeriodEnd: false }, nowMs);
    return saved ? ok(subscriptionView(await findSubscription(db, seen.companyId))) : CHANGED;
  }
  if (seen.pendingChargeId !== null && seen.pendingChargeId !== chargeId) {
    return err("conflict", "A charge of this subscription is pending; try again when it is decided.");
  }
  const period = { startMs: seen.periodStartMs, endMs: seen.periodEndMs };
  const { feeNanoUsd, creditNanoUsd } = prorate(current, plan, period, nowMs);
  const charge = await insertCharge(
    db,
    {
      id: chargeId,
      companyId: seen.companyId,
      planId: plan.id,
      kind: "change",
      payWith: seen.payWith,
      amountNanoUsd: feeNanoUsd,
      creditNanoUsd,
      periodStartMs: seen.periodStartMs,
      periodEndMs: seen.periodEndMs,
    },
    nowMs,
  );
  if (!(await saveSubscription(db, seen, { pendingChargeId: chargeId, cancelAtPeriodEnd: false }, nowMs)))
    return CHANGED;
  return beginCharge(env, charge, seen.paymentMethodId);
}
