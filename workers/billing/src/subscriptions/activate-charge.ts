import { openDatabase } from "../db/client.ts";
import { findPayment } from "../db/payments.ts";
import { type ChargeRow, findSubscription, saveSubscription } from "../db/subscriptions.ts";
import type { Env } from "../env.ts";
import { anchorDayOf } from "./period.ts";

const ATTEMPTS = 8;

/**
 * Puts the period that a paid charge pays for in force. `superseded`: the subscription does not wait for
 * this charge any more (another one was paid, or it was canceled), so its money goes back. Idempotent.
 */
export async function activateCharge(env: Env, charge: ChargeRow): Promise<"active" | "superseded"> {
  const db = openDatabase(env.DB);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const subscription = await findSubscription(db, charge.companyId);
    if (subscription?.activeChargeId === charge.id) return "active";
    if (subscription?.pendingChargeId !== charge.id) return "superseded";
    const { periodStartMs, periodEndMs } = charge;
    const paidWith = charge.paymentId === null ? undefined : await findPayment(db, charge.paymentId);
    const period =
      charge.kind === "change" ? {} : { periodStartMs, periodEndMs, nextActionAtMs: periodEndMs, nextPlanId: null };
    const saved = await saveSubscription(
      db,
      subscription,
      {
        ...period,
        ...(charge.kind === "start" ? { anchorDay: anchorDayOf(periodStartMs) } : {}),
        // The card that was given at Stripe's page pays for the next period too.
        paymentMethodId: subscription.paymentMethodId ?? paidWith?.paymentMethodId ?? null,
        planId: charge.planId,
        status: "active",
        attempts: 0,
        pendingChargeId: null,
        activeChargeId: charge.id,
      },
      Date.now(),
    );
    if (saved) return "active";
  }
  throw new Error("a subscription is changed faster than it can be read");
}
