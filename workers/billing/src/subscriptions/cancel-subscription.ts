import type { Actor } from "@aggregator/contracts/actor";
import type { SubscriptionView } from "@aggregator/contracts/plans";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { type Database, openDatabase } from "../db/client.ts";
import { findSubscription, saveSubscription } from "../db/subscriptions.ts";
import type { Env } from "../env.ts";
import { type Keyed, keyedBy, runOnce } from "../idempotency/run-once.ts";
import { subscriptionView } from "./subscription-view.ts";
import { tellAccount } from "./tell-account.ts";

/** Ends the subscription with the period that is paid for; one that was never paid ends at once. Needs `billing:manage`. */
export async function cancelSubscription(env: Env, actor: Actor, keyed: Keyed): Answer<SubscriptionView> {
  const allowed = requirePermission(actor, "billing:manage");
  if (!allowed.ok) return allowed;
  const db = openDatabase(env.DB);
  return runOnce(db, keyedBy(actor, "cancelSubscription", null, keyed), () => cancel(env, db, actor));
}

async function cancel(env: Env, db: Database, actor: Actor): Answer<SubscriptionView> {
  const seen = await findSubscription(db, actor.companyId);
  if (seen === undefined || seen.status === "canceled") {
    return err("conflict", "There is no live subscription; subscribe first.");
  }
  const isPaid = seen.status === "active" || seen.status === "trialing";
  const change = isPaid
    ? { cancelAtPeriodEnd: true }
    : // A renewal that is being tried, or a first fee: what is paid from now on goes back.
      { status: "canceled" as const, pendingChargeId: null };
  if (!(await saveSubscription(db, seen, change, Date.now()))) {
    return err("conflict", "The subscription was changed at the same time; look at it and try again.");
  }
  await tellAccount(env, actor.companyId);
  return ok(subscriptionView(await findSubscription(db, actor.companyId)));
}
