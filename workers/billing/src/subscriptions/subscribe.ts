import type { Actor } from "@aggregator/contracts/actor";
import type { SubscriptionView } from "@aggregator/contracts/plans";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { type Database, openDatabase } from "../db/client.ts";
import { findPlan, type PlanRow } from "../db/plans.ts";
import {
  beginSubscription,
  findSubscription,
  insertCharge,
  isLive,
  type NewSubscription,
} from "../db/subscriptions.ts";
import type { Env } from "../env.ts";
import { runOnce } from "../idempotency/run-once.ts";
import { beginCharge } from "./begin-charge.ts";
import { checkPayer, type Payer, payerFields } from "./check-payer.ts";
import { anchorDayOf, periodEndMs } from "./period.ts";
import { subscriptionView } from "./subscription-view.ts";
import { tellAccount } from "./tell-account.ts";

const SubscribeInput = z.strictObject({
  plan: z.string().min(1).max(63),
  ...payerFields,
});

const DAY_MS = 86_400_000;
const LIVE = err("conflict", "A subscription is live or being paid; change or cancel it.");

export interface SubscribeRequest {
  readonly input: unknown;
  readonly idempotencyKey: string | null;
  readonly requestId: string;
}

/**
 * Begins a subscription. A plan with a trial begins at once, the first time; else the first fee is taken by a
 * flow and the subscription is `incomplete` until it is paid. Needs `billing:manage`. `conflict` when
 * one is live; `insufficient_balance` when the balance is too small for the fee.
 */
export async function subscribe(env: Env, actor: Actor, request: SubscribeRequest): Answer<SubscriptionView> {
  const allowed = requirePermission(actor, "billing:manage");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(SubscribeInput, request.input);
  if (!parsed.ok) return parsed;
  const db = openDatabase(env.DB);
  const once = { ...request, companyId: actor.companyId, route: "subscribe", key: request.idempotencyKey };
  return runOnce(db, once, async (workId) => {
    const plan = await findPlan(db, parsed.value.plan);
    if (plan === undefined || plan.archivedAtMs !== null) {
      return err("invalid_request", "plan: there is no such plan on offer.", { param: "plan" });
    }
    const { companyId } = actor;
    const chargeId = `start-${workId}`;
    const before = await findSubscription(db, companyId);
    // A repeat after a crash finds what it began itself, and goes on with it.
    const isRepeat = before?.pendingChargeId === chargeId || before?.activeChargeId === chargeId;
    if (isLive(before) && !isRepeat) return LIVE;
    const isTrial = isRepeat ? before.status === "trialing" : plan.trialDays > 0 && before?.usedTrial !== true;
    const dueNanoUsd = isTrial || isRepeat ? 0 : plan.monthlyFeeNanoUsd;
    const payer = await checkPayer(env, db, companyId, dueNanoUsd, parsed.value);
    if (!payer.ok) return payer;
    const usedTrial = isTrial || before?.usedTrial === true;
    return begin(env, db, { companyId, chargeId, plan, isRepeat, isTrial, usedTrial, ...payer.value });
  });
}

interface Beginning extends Payer {
  readonly companyId: string;
  readonly chargeId: string;
  readonly plan: PlanRow;
  readonly isRepeat: boolean;
  readonly isTrial: boolean;
  readonly usedTrial: boolean;
}

async function begin(env: Env, db: Database, beginning: Beginning): Answer<SubscriptionView> {
  const { companyId, chargeId, plan, payWith, paymentMethodId, isTrial } = beginning;
  const nowMs = Date.now();
  const endMs = isTrial ? nowMs + plan.trialDays * DAY_MS : periodEndMs(nowMs, anchorDayOf(nowMs));
  const begun = beginning.isRepeat || (await beginSubscription(db, firstPeriod(beginning, nowMs, endMs), nowMs));
  if (!begun) return LIVE;
  if (isTrial) {
    await tellAccount(env, companyId);
    return ok(subscriptionView(await findSubscription(db, companyId)));
  }
  const period = { periodStartMs: nowMs, periodEndMs: endMs };
  const fee = { amountNanoUsd: plan.monthlyFeeNanoUsd, creditNanoUsd: plan.includedCreditNanoUsd };
  const charge = await insertCharge(
    db,
    { id: chargeId, companyId, planId: plan.id, kind: "start", payWith, ...fee, ...period },
    nowMs,
  );
  return beginCharge(env, charge, paymentMethodId);
}

function firstPeriod(beginning: Beginning, startMs: number, endMs: number): NewSubscription {
  const { companyId, chargeId, plan, payWith, paymentMethodId, isTrial, usedTrial } = beginning;
  return {
    companyId,
    planId: plan.id,
    status: isTrial ? "trialing" : "incomplete",
    payWith,
    paymentMethodId,
    // The first period that is paid for begins when a trial ends.
    anchorDay: anchorDayOf(isTrial ? endMs : startMs),
    periodStartMs: startMs,
    periodEndMs: endMs,
    cancelAtPeriodEnd: false,
    pendingChargeId: isTrial ? null : chargeId,
    activeChargeId: isTrial ? chargeId : null,
    nextActionAtMs: endMs,
    usedTrial,
  };
}
