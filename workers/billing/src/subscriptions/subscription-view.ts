import type { SubscriptionView } from "@aggregator/contracts/plans";
import { isLive, type SubscriptionRow } from "../db/subscriptions.ts";
import { PAY_AS_YOU_GO } from "../plans/plan.ts";

/** A subscription as people see it; pay as you go where there is none. */
export function subscriptionView(
  row: SubscriptionRow | undefined,
  checkoutUrl: string | null = null,
): SubscriptionView {
  if (row === undefined || !(isLive(row) || row.status === "incomplete")) return NONE;
  return {
    plan: row.planId,
    status: row.status,
    pay_with: row.payWith,
    current_period_start: new Date(row.periodStartMs).toISOString(),
    current_period_end: new Date(row.periodEndMs).toISOString(),
    cancel_at_period_end: row.cancelAtPeriodEnd,
    next_plan: row.nextPlanId,
    failed_attempts: row.attempts,
    next_attempt_at: row.status === "past_due" ? new Date(row.nextActionAtMs).toISOString() : null,
    checkout_url: checkoutUrl,
  };
}

const NONE: SubscriptionView = {
  plan: PAY_AS_YOU_GO,
  status: "canceled",
  pay_with: "balance",
  current_period_start: null,
  current_period_end: null,
  cancel_at_period_end: false,
  next_plan: null,
  failed_attempts: 0,
  next_attempt_at: null,
  checkout_url: null,
};
