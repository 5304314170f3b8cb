import type { Database } from "../db/client.ts";
import { listCardSharers, type PaymentRow } from "../db/payments.ts";
import { findPlan } from "../db/plans.ts";
import {
  activateReferral,
  findReferral,
  listCommissionedPayments,
  listReferralsBetween,
  type ReferralRow,
  voidReferral,
} from "../db/referrals.ts";
import { findSubscription } from "../db/subscriptions.ts";
import { type Env, paymentConfig } from "../env.ts";
import { leadsTo } from "./attribute-referral.ts";
import { addMonths } from "./commission.ts";

/**
 * The referral of the company that paid. The first settled payment opens it on the terms of the plan that the referrer is on
 * then; they stay. Who was brought by the one that it brought, directly or not, earns nothing: attributions
 * at the same time could not see each other.
 */
export async function openReferral(
  env: Env,
  db: Database,
  payment: PaymentRow,
  paidAtMs: number,
): Promise<ReferralRow | undefined> {
  const referral = await findReferral(db, payment.companyId);
  if (referral?.status !== "pending") return referral;
  if (await leadsTo(db, referral.referrerCompanyId, referral.refereeCompanyId)) {
    await voidReferral(db, referral.refereeCompanyId, "cycle");
    return findReferral(db, payment.companyId);
  }
  const terms = await termsOf(env, db, referral.referrerCompanyId);
  await activateReferral(db, payment.companyId, {
    commissionBps: terms.bps,
    capNanoUsd: terms.capNanoUsd,
    endsAtMs: addMonths(paidAtMs, terms.months),
    activatedAtMs: paidAtMs,
  });
  return findReferral(db, payment.companyId);
}

/** Voids the referrals between companies that pay with one card; returns the payments whose commissions must be settled again. */
export async function voidSharedCards(db: Database, companyId: string): Promise<string[]> {
  const sharers = await listCardSharers(db, companyId);
  if (sharers.length === 0) return [];
  const affected: string[] = [];
  for (const referral of await listReferralsBetween(db, companyId, sharers)) {
    if (referral.status !== "void") await voidReferral(db, referral.refereeCompanyId, "same_card");
    affected.push(...(await listCommissionedPayments(db, referral.refereeCompanyId)));
  }
  return affected;
}

async function termsOf(env: Env, db: Database, referrerCompanyId: string) {
  const subscription = await findSubscription(db, referrerCompanyId);
  const isLive = subscription !== undefined && ["active", "trialing", "past_due"].includes(subscription.status);
  const plan = isLive ? await findPlan(db, subscription.planId) : undefined;
  if (plan === undefined) return paymentConfig(env).referral;
  return { bps: plan.commissionBps, months: plan.commissionMonths, capNanoUsd: plan.commissionCapNanoUsd };
}
