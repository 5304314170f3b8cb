import { type PlanView, SUBSCRIPTION_STATUSES, type SubscriptionView } from "@aggregator/contracts/plans";
import { z } from "@hono/zod-openapi";
import { NanoUsd, RateLimits, Time } from "./common.ts";

const Bps = z.number().int().openapi({ description: "Basis points: 100 are one percent.", example: 500 });
const Commission = z
  .object({ bps: Bps, months: z.number().int(), cap_nano_usd: NanoUsd })
  .openapi({ description: "What a company on this plan earns of the payments of each company that it brought." });

const terms = {
  name: z.string().openapi({ example: "Pro" }),
  monthly_fee_nano_usd: NanoUsd.openapi({ description: "Nano-USD, whole cents.", example: 49_000_000_000 }),
  included_credit_nano_usd: NanoUsd.openapi({ description: "Granted with each paid period and gone at its end." }),
  markup_bps: Bps.openapi({ description: "On what providers take, in basis points." }),
  cache_hit_bps: Bps.openapi({
    description: "What an answer from the response cache costs, in basis points of what it would cost anew.",
  }),
  rate_limits: RateLimits,
  features: z.array(z.string()).readonly(),
  trial_days: z.number().int(),
  commission: Commission,
};

export const Plan = z
  .object({
    id: z.string().openapi({ example: "pro" }),
    ...terms,
    is_archived: z.boolean().openapi({ description: "Off the offer; who is on it stays." }),
    created_at: Time,
    updated_at: Time,
  })
  .openapi("Plan") satisfies z.ZodType<PlanView>;

export const PlanChange = z.object(terms).partial().openapi("PlanChange");

export const PlanInput = PlanChange.extend({
  id: z.string().openapi({ description: "1 to 63 lower-case letters, digits and -", example: "pro" }),
  name: terms.name,
  monthly_fee_nano_usd: terms.monthly_fee_nano_usd,
}).openapi("PlanInput");

export const Subscription = z
  .object({
    plan: z.string().openapi({ description: "`payg`, pay as you go, without a subscription.", example: "pro" }),
    status: z.enum(SUBSCRIPTION_STATUSES),
    pay_with: z.enum(["card", "balance"]),
    current_period_start: Time.nullable(),
    current_period_end: Time.nullable(),
    cancel_at_period_end: z.boolean(),
    next_plan: z.string().nullable().openapi({ description: "In force from the next period on." }),
    failed_attempts: z.number().int().openapi({ description: "Failed tries at the present renewal." }),
    next_attempt_at: Time.nullable(),
    checkout_url: z.string().nullable().openapi({ description: "Where to pay, when a card is still to be given." }),
  })
  .openapi("Subscription") satisfies z.ZodType<SubscriptionView>;

const payer = {
  pay_with: z.enum(["card", "balance"]).optional(),
  payment_method: z.string().optional().openapi({ description: "Id of a saved card." }),
};

export const SubscribeInput = z.object({ plan: z.string(), ...payer }).openapi("SubscribeInput");

export const SubscriptionChange = z
  .object({
    plan: z.string().optional(),
    cancel_at_period_end: z.boolean().optional().openapi({ description: "false takes a cancellation back." }),
    ...payer,
  })
  .openapi("SubscriptionChange");
