import { defectFields } from "@aggregator/runtime/log";
import { type Database, openDatabase } from "../db/client.ts";
import { findPlan } from "../db/plans.ts";
import { insertCharge, listDueSubscriptions, saveSubscription, type SubscriptionRow } from "../db/subscriptions.ts";
import { type Env, paymentConfig } from "../env.ts";
import { startFlow } from "../workflows/start-flow.ts";
import { periodEndMs } from "./period.ts";
import { tellAccount } from "./tell-account.ts";

const BATCH = 100;
/** Until a flow has decided; after that, cron looks again. */
const PATIENCE_MS = 6 * 3_600_000;

/** Renews, ends or retries what is due; by cron. One that fails does not stop the others. */
export async function renewSubscriptions(env: Env, nowMs: number): Promise<void> {
  const db = openDatabase(env.DB);
  for (const due of await listDueSubscriptions(db, nowMs, BATCH)) {
    try {
      await renew(env, db, due, nowMs);
    } catch (error) {
      paymentConfig(env).log.error("subscription.renewal_failed", {
        company_id: due.companyId,
        ...defectFields(error),
      });
    }
  }
}

/**
 * The next period of one subscription: begins where the last one ended, however late it is paid. The charge's id
 * is made of company, period and try, so that a second cron finds the first one's.
 */
async function renew(env: Env, db: Database, due: SubscriptionRow, nowMs: number): Promise<void> {
  const plan = await findPlan(db, due.nextPlanId ?? due.planId);
  if (due.cancelAtPeriodEnd || plan === undefined) {
    const ended = { status: "canceled" as const, pendingChargeId: null, activeChargeId: null, attempts: 0 };
    if (await saveSubscription(db, due, ended, nowMs)) await tellAccount(env, due.companyId);
    return;
  }
  const startMs = due.periodEndMs;
  const chargeId = `renewal-${due.companyId}-${startMs}-${due.attempts + 1}`;
  const charge = await insertCharge(
    db,
    {
      id: chargeId,
      companyId: due.companyId,
      planId: plan.id,
      kind: "renewal",
      payWith: due.payWith,
      amountNanoUsd: plan.monthlyFeeNanoUsd,
      creditNanoUsd: plan.includedCreditNanoUsd,
      periodStartMs: startMs,
      periodEndMs: periodEndMs(startMs, due.anchorDay),
    },
    nowMs,
  );
  const awaited = { pendingChargeId: chargeId, nextActionAtMs: nowMs + PATIENCE_MS };
  if (!(await saveSubscription(db, due, awaited, nowMs))) return;
  // A run of its own each time: the one before may have given up, and every step may be repeated.
  await startFlow(env.SUBSCRIPTION_FLOW, `${charge.id}-${nowMs}`, { chargeId: charge.id });
}
