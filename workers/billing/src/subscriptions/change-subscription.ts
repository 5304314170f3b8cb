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
import { LEAST_CARD_NANO_USD } from "../payments/currency.ts";
import { beginCharge } from "./begin-charge.ts";
import { checkPayer, payerFields } from "./check-payer.ts";
import { prorate } from "./period.ts";
import { subscriptionView } from "./subscription-view.ts";
import { tellAccount } from "./tell-account.ts";

const ChangeInput = z.strictObject({
  plan: z.string().min(1).max(63).optional(),
  /** false takes a cancellation back. */
  cancel_at_period_end: z.boolean().optional(),
  ...payerFields,
});
type ChangeInput = z.infer<typeof ChangeInput>;

export interface ChangeRequest {
  readonly input: unknown;
  readonly idempotencyKey: string | null;
  readonly requestId: string;
}

const CHANGED = err("conflict", "The subscription was changed at the same time; look at it and try again.");
const NONE_LIVE = err("conflict", "There is no live subscription; subscribe first.");

/**
 * Changes the plan, who pays, or takes a cancellation back: one at a time. A dearer plan is in force when its
 * difference for the rest of the period is paid; a cheaper one begins with the next period. A fee that
 * failed is tried again at once with a new payer. Needs `billing:manage`. `conflict` when none is live or
 * a charge is pending.
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
    return carryOut(env, db, seen, parsed.value, `change-${workId}`);
  });
}

async function carryOut(
  env: Env,
  db: Database,
  seen: SubscriptionRow,
  input: ChangeInput,
  chargeId: string,
): Answer<SubscriptionView> {
  const { plan: planId, cancel_at_period_end: cancelAtPeriodEnd, ...payer } = input;
  const wishes = [planId, cancelAtPeriodEnd, payer.pay_with ?? payer.payment_method];
  if (wishes.filter((wish) => wish !== undefined).length !== 1) {
    return err("invalid_request", "plan: change one thing: plan, payer or cancellation.", { param: "plan" });
  }
  if (planId !== undefined) {
    const plan = await findPlan(db, planId);
    if (plan === undefined || plan.archivedAtMs !== null) {
      return err("invalid_request", "plan: there is no such plan on offer.", { param: "plan" });
    }
    return changePlan(env, db, seen, plan, chargeId);
  }
  if (cancelAtPeriodEnd !== undefined) return save(env, db, seen, { cancelAtPeriodEnd });
  const checked = await checkPayer(env, db, seen.companyId, 0, payer);
  if (!checked.ok) return checked;
  const isOverdue = seen.status === "past_due" && seen.pendingChargeId === null;
  return save(env, db, seen, { ...checked.value, ...(isOverdue ? { nextActionAtMs: Date.now() } : {}) });
}

async function save(
  env: Env,
  db: Database,
  seen: SubscriptionRow,
  change: Partial<SubscriptionRow>,
): Answer<SubscriptionView> {
  if (!(await saveSubscription(db, seen, change, Date.now()))) return CHANGED;
  await tellAccount(env, seen.companyId);
  return ok(subscriptionView(await findSubscription(db, seen.companyId)));
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
    // A trial goes on with a plan that has one; else what was chosen begins with the next period.
    const isNow = seen.status === "trialing" && plan.trialDays > 0;
    const planChange = isNow
      ? { planId: plan.id, nextPlanId: null }
      : { nextPlanId: plan.id === seen.planId ? null : plan.id };
    return save(env, db, seen, { ...planChange, cancelAtPeriodEnd: false });
  }
  if (seen.pendingChargeId !== null && seen.pendingChargeId !== chargeId) {
    return err("conflict", "A charge of this subscription is pending; try again when it is decided.");
  }
  const period = { startMs: seen.periodStartMs, endMs: seen.periodEndMs };
  const { feeNanoUsd, creditNanoUsd } = prorate(current, plan, period, nowMs);
  // What no card can pay is not asked for.
  const isWaived = seen.payWith === "card" && feeNanoUsd < LEAST_CARD_NANO_USD;
  const charge = await insertCharge(
    db,
    {
      id: chargeId,
      companyId: seen.companyId,
      planId: plan.id,
      kind: "change",
      payWith: seen.payWith,
      amountNanoUsd: isWaived ? 0 : feeNanoUsd,
      creditNanoUsd,
      periodStartMs: seen.periodStartMs,
      periodEndMs: seen.periodEndMs,
    },
    nowMs,
  );
  const awaited = { pendingChargeId: chargeId, nextPlanId: null, cancelAtPeriodEnd: false };
  if (!(await saveSubscription(db, seen, awaited, nowMs))) return CHANGED;
  return beginCharge(env, charge, seen.paymentMethodId);
}
