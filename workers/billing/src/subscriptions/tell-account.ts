import { openDatabase } from "../db/client.ts";
import { findPlan } from "../db/plans.ts";
import { findSubscription, isLive, listUntoldCompanies, markTold } from "../db/subscriptions.ts";
import type { Env } from "../env.ts";
import { PAY_AS_YOU_GO, rateLimitsOf } from "../plans/plan.ts";

const BATCH = 200;

/** Puts the plan that a company is on now in force in its account. Idempotent; an older call that arrives late is ignored. */
export async function tellAccount(env: Env, companyId: string): Promise<void> {
  const db = openDatabase(env.DB);
  const subscription = await findSubscription(db, companyId);
  if (subscription === undefined) return;
  const plan = await findPlan(db, subscription.planId);
  const planRevision = plan?.revision ?? 0;
  const inForce = isLive(subscription) ? plan : undefined;
  await env.COMPANY_ACCOUNT.getByName(companyId).setPlan({
    planId: inForce?.id ?? PAY_AS_YOU_GO,
    markupBps: inForce?.markupBps ?? 0,
    cacheHitBps: inForce?.cacheHitBps ?? 0,
    rateLimits: inForce === undefined ? {} : rateLimitsOf(inForce),
    revision: [subscription.revision, planRevision],
  });
  await markTold(db, companyId, subscription.revision, planRevision);
}

/** Tells the accounts whose subscription or plan has changed and that nothing has told yet; for cron. */
export async function tellUntoldAccounts(env: Env): Promise<void> {
  for (const companyId of await listUntoldCompanies(openDatabase(env.DB), BATCH)) await tellAccount(env, companyId);
}
