import type { RateLimits } from "@aggregator/contracts/actor";
import type { PlanView } from "@aggregator/contracts/plans";
import type { PlanRow } from "../db/plans.ts";

/** What a company without a subscription is on: no fee, no markup, no limits of its own. Not a row, so nobody can break it. */
export const PAY_AS_YOU_GO = "payg";

/** A plan as people see it. */
export function planView(plan: PlanRow): PlanView {
  return {
    id: plan.id,
    name: plan.name,
    monthly_fee_nano_usd: plan.monthlyFeeNanoUsd,
    included_credit_nano_usd: plan.includedCreditNanoUsd,
    markup_bps: plan.markupBps,
    cache_hit_bps: plan.cacheHitBps,
    rate_limits: {
      ...(plan.requestsPerMinute === null ? {} : { requests_per_minute: plan.requestsPerMinute }),
      ...(plan.tokensPerMinute === null ? {} : { tokens_per_minute: plan.tokensPerMinute }),
      ...(plan.concurrentRequests === null ? {} : { concurrent_requests: plan.concurrentRequests }),
    },
    features: plan.features,
    trial_days: plan.trialDays,
    commission: {
      bps: plan.commissionBps,
      months: plan.commissionMonths,
      cap_nano_usd: plan.commissionCapNanoUsd,
    },
    is_archived: plan.archivedAtMs !== null,
    created_at: new Date(plan.createdAtMs).toISOString(),
    updated_at: new Date(plan.updatedAtMs).toISOString(),
  };
}

/** The limits of a plan as the account enforces them. */
export function rateLimitsOf(plan: PlanRow): RateLimits {
  return {
    ...(plan.requestsPerMinute === null ? {} : { requestsPerMinute: plan.requestsPerMinute }),
    ...(plan.tokensPerMinute === null ? {} : { tokensPerMinute: plan.tokensPerMinute }),
    ...(plan.concurrentRequests === null ? {} : { concurrentRequests: plan.concurrentRequests }),
  };
}
