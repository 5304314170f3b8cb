import type { Actor } from "@aggregator/contracts/actor";
import type { SubscriptionView } from "@aggregator/contracts/plans";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { openDatabase } from "../db/client.ts";
import { findPayment } from "../db/payments.ts";
import { findCharge, findSubscription } from "../db/subscriptions.ts";
import type { Env } from "../env.ts";
import { subscriptionView } from "./subscription-view.ts";

/** The plan that the company is on, with where to pay when a fee waits for a card. Needs `billing:read`. */
export async function getSubscription(env: Env, actor: Actor): Answer<SubscriptionView> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  const db = openDatabase(env.DB);
  const row = await findSubscription(db, actor.companyId);
  const chargeId = row?.pendingChargeId ?? null;
  const paymentId = chargeId === null ? null : ((await findCharge(db, chargeId))?.paymentId ?? null);
  const payment = paymentId === null ? undefined : await findPayment(db, paymentId);
  return ok(subscriptionView(row, payment?.status === "created" ? payment.checkoutUrl : null));
}
