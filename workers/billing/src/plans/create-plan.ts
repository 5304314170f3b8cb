import type { Actor } from "@aggregator/contracts/actor";
import type { PlanView } from "@aggregator/contracts/plans";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { openDatabase } from "../db/client.ts";
import { findPlan, insertPlan, type PlanTerms } from "../db/plans.ts";
import type { Env } from "../env.ts";
import { runOnce } from "../idempotency/run-once.ts";
import { planView } from "./plan.ts";
import { PlanInput } from "./plan-input.ts";

export interface CreatePlanRequest {
  readonly input: unknown;
  readonly idempotencyKey: string | null;
  readonly requestId: string;
}

/** Adds a plan to the offer. Platform admins only; `already_exists` for an id that is taken, archived ones too. */
export async function createPlan(env: Env, actor: Actor, request: CreatePlanRequest): Answer<PlanView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PlanInput, request.input);
  if (!parsed.ok) return parsed;
  const { id, rate_limits: limits, commission, ...plan } = parsed.value;
  const terms: PlanTerms = {
    name: plan.name,
    monthlyFeeNanoUsd: plan.monthly_fee_nano_usd,
    includedCreditNanoUsd: plan.included_credit_nano_usd,
    markupBps: plan.markup_bps,
    cacheHitBps: plan.cache_hit_bps,
    requestsPerMinute: limits.requests_per_minute ?? null,
    tokensPerMinute: limits.tokens_per_minute ?? null,
    concurrentRequests: limits.concurrent_requests ?? null,
    features: plan.features,
    trialDays: plan.trial_days,
    commissionBps: commission.bps,
    commissionMonths: commission.months,
    commissionCapNanoUsd: commission.cap_nano_usd,
  };
  const db = openDatabase(env.DB);
  const once = { ...request, companyId: actor.companyId, route: "createPlan", key: request.idempotencyKey };
  return runOnce(db, once, async () => {
    if (!(await insertPlan(db, id, terms, Date.now())))
      return err("already_exists", `id: there is a plan ${id} already.`, { param: "id" });
    const created = await findPlan(db, id);
    if (created === undefined) throw new Error("an inserted plan is missing");
    return ok(planView(created));
  });
}
