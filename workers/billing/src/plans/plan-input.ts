import { MAX_NANO_USD } from "@aggregator/contracts/account";
import { z } from "zod";
import type { PlanTerms } from "../db/plans.ts";
import { LEAST_CARD_NANO_USD } from "../payments/currency.ts";

const NanoUsd = z.number().int().min(0).max(MAX_NANO_USD);
/** A fee is paid by card too: whole cents. */
const Fee = NanoUsd.refine(
  (amount) => amount % 10_000_000 === 0,
  "must be whole cents (a multiple of 10000000)",
).refine(
  (amount) => amount === 0 || amount >= LEAST_CARD_NANO_USD,
  "must be 0 or at least 500000000, which is the least that a card pays",
);
const Limit = z.number().int().min(1).max(1_000_000_000);

const RateLimits = z.strictObject({
  requests_per_minute: Limit.optional(),
  tokens_per_minute: Limit.optional(),
  concurrent_requests: Limit.optional(),
});
const Commission = z.strictObject({
  bps: z.number().int().min(0).max(10_000),
  months: z.number().int().min(0).max(120),
  cap_nano_usd: NanoUsd,
});

const fields = {
  name: z.string().trim().min(1).max(100),
  monthly_fee_nano_usd: Fee,
  included_credit_nano_usd: NanoUsd,
  markup_bps: z.number().int().min(0).max(100_000),
  cache_hit_bps: z.number().int().min(0).max(10_000),
  rate_limits: RateLimits,
  features: z.array(z.string().trim().min(1).max(100)).max(50),
  trial_days: z.number().int().min(0).max(365),
  commission: Commission,
};

export const PlanId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "use 1 to 63 lower-case letters, digits and -");

export const PlanInput = z.strictObject({
  id: PlanId.refine((id) => id !== "payg", "payg is what a company without a subscription is on"),
  name: fields.name,
  monthly_fee_nano_usd: fields.monthly_fee_nano_usd,
  included_credit_nano_usd: fields.included_credit_nano_usd.default(0),
  markup_bps: fields.markup_bps.default(0),
  cache_hit_bps: fields.cache_hit_bps.default(0),
  rate_limits: fields.rate_limits.default({}),
  features: fields.features.default([]),
  trial_days: fields.trial_days.default(0),
  commission: fields.commission.default({ bps: 0, months: 0, cap_nano_usd: 0 }),
});

export const PlanChange = z.strictObject(fields).partial();

/** What a change sets; absent fields stay as they are, and `rate_limits` is replaced as a whole. */
export function termsOf(change: z.infer<typeof PlanChange>): Partial<PlanTerms> {
  const { rate_limits: limits, commission } = change;
  return {
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.monthly_fee_nano_usd === undefined ? {} : { monthlyFeeNanoUsd: change.monthly_fee_nano_usd }),
    ...(change.included_credit_nano_usd === undefined
      ? {}
      : { includedCreditNanoUsd: change.included_credit_nano_usd }),
    ...(change.markup_bps === undefined ? {} : { markupBps: change.markup_bps }),
    ...(change.cache_hit_bps === undefined ? {} : { cacheHitBps: change.cache_hit_bps }),
    ...(change.features === undefined ? {} : { features: change.features }),
    ...(change.trial_days === undefined ? {} : { trialDays: change.trial_days }),
    ...(limits === undefined
      ? {}
      : {
          requestsPerMinute: limits.requests_per_minute ?? null,
          tokensPerMinute: limits.tokens_per_minute ?? null,
          concurrentRequests: limits.concurrent_requests ?? null,
        }),
    ...(commission === undefined
      ? {}
      : {
          commissionBps: commission.bps,
          commissionMonths: commission.months,
          commissionCapNanoUsd: commission.cap_nano_usd,
        }),
  };
}
