import { ok, type Answer } from "@aggregator/contracts/result";
import type { Database } from "../db/client.ts";
import { openDatabase } from "../db/client.ts";
import { findPayment, type PaymentRow } from "../db/payments.ts";
import { findCommission, findReferral, insertCommission, type ReferralRow, saveCommission } from "../db/referrals.ts";
import type { Env } from "../env.ts";
import { netCommission, grossCommission } from "./commission.ts";
import { openReferral } from "./open-referral.ts";

const ATTEMPTS = 8;

/**
 * Brings the commission of a payment to what the payment stands at: earned when it is paid, taken back in
 * the share that was refunded or disputed, nothing when the referral is void. Idempotent; the order of
 * calls does not matter. The referrer's account may go negative when it has spent what is taken back.
 */
export async function settleCommission(env: Env, paymentId: string): Answer<void> {
  const db = openDatabase(env.DB);
  const payment = await findPayment(db, paymentId);
  if (payment === undefined) return ok();
  await decideOnce(env, db, payment);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const seen = await findCommission(db, paymentId);
    if (seen === undefined) return ok();
    const [now, referral] = await Promise.all([findPayment(db, paymentId), findReferral(db, seen.refereeCompanyId)]);
    const net = now === undefined ? 0 : netOf(now, referral, seen.grossNanoUsd);
    if (net !== seen.netNanoUsd && !(await saveCommission(db, seen, net))) continue;
    const revision = net === seen.netNanoUsd ? seen.revision : seen.revision + 1;
    const posted = await env.COMPANY_ACCOUNT.getByName(seen.referrerCompanyId).postTotal({
      series: `commission/${paymentId}`,
      kind: "commission",
      totalNanoUsd: net,
      revision,
      description: "Referral commission",
      reference: {},
    });
    return posted.ok ? ok() : posted;
  }
  throw new Error("a commission is changed faster than it can be read");
}

/** The first time that a payment is seen paid decides what it earns in all. */
async function decideOnce(env: Env, db: Database, payment: PaymentRow): Promise<void> {
  if (payment.status !== "paid" || payment.paidAtMs === null) return;
  const referral = await openReferral(env, db, payment, payment.paidAtMs);
  if (referral?.status !== "active" || payment.paidAtMs >= (referral.endsAtMs ?? 0)) return;
  const { refereeCompanyId, referrerCompanyId } = referral;
  const grossNanoUsd = grossCommission(baseOf(payment), referral.commissionBps ?? 0);
  const commission = { paymentId: payment.id, refereeCompanyId, referrerCompanyId, grossNanoUsd };
  await insertCommission(db, commission, referral.capNanoUsd ?? 0, Date.now());
}

function netOf(payment: PaymentRow, referral: ReferralRow | undefined, grossNanoUsd: number): number {
  if (payment.status !== "paid" || referral?.status !== "active") return 0;
  return netCommission(grossNanoUsd, payment.refundedMinor + payment.disputedMinor, payment.amountMinor);
}

/** What was paid, in nano-USD. Subscriptions are paid in USD: their cents are exact. */
function baseOf(payment: PaymentRow): number {
  return payment.purpose === "subscription" ? payment.amountMinor * 10_000_000 : payment.creditNanoUsd;
}
