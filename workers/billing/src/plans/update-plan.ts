import type { Actor } from "@aggregator/contracts/actor";
import type { PlanView } from "@aggregator/contracts/plans";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { openDatabase } from "../db/client.ts";
import { updatePlan as saveTerms } from "../db/plans.ts";
import type { Env } from "../env.ts";
import { type Keyed, keyedBy, runOnce } from "../idempotency/run-once.ts";
import { tellUntoldAccounts } from "../subscriptions/tell-account.ts";
import { planView } from "./plan.ts";
import { PlanChange, termsOf } from "./plan-input.ts";

/**
 * Changes a plan. Platform admins only. Markup and limits are in force for what is reserved from now on:
 * a first batch of accounts is told at once and cron tells the rest. A new fee counts from each
 * company's next period.
 */
export async function updatePlan(env: Env, actor: Actor, id: string, input: unknown, keyed: Keyed): Answer<PlanView> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PlanChange, input);
  if (!parsed.ok) return parsed;
  const db = openDatabase(env.DB);
  return runOnce<PlanView>(db, keyedBy(actor, `updatePlan/${id}`, input, keyed), async () => {
    const plan = await saveTerms(db, id, termsOf(parsed.value), Date.now());
    if (plan === undefined) return NO_SUCH_PLAN;
    await tellUntoldAccounts(env);
    return ok(planView(plan));
  });
}

/** Takes a plan off the offer. Who is on it stays. Platform admins only. */
export async function archivePlan(env: Env, actor: Actor, id: string, keyed: Keyed): Answer<void> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const db = openDatabase(env.DB);
  return runOnce<void>(db, keyedBy(actor, `archivePlan/${id}`, null, keyed), async () => {
    const nowMs = Date.now();
    const plan = await saveTerms(db, id, { archivedAtMs: nowMs }, nowMs);
    return plan === undefined ? NO_SUCH_PLAN : ok();
  });
}

const NO_SUCH_PLAN = err("not_found", "No such plan.");
