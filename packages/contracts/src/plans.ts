import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

/** What a company can subscribe to. */
export interface PlanView {
  readonly id: string;
  readonly name: string;
  readonly monthly_fee_nano_usd: number;
  /** Granted with each paid period and gone at its end. */
  readonly included_credit_nano_usd: number;
  /** On what providers take, in basis points. */
  readonly markup_bps: number;
  /** What an answer from the response cache costs, in basis points of what it would cost anew; 0: nothing. */
  readonly cache_hit_bps: number;
  readonly rate_limits: {
    readonly requests_per_minute?: number;
    readonly tokens_per_minute?: number;
    readonly concurrent_requests?: number;
  };
  readonly features: readonly string[];
  readonly trial_days: number;
  /** What a company on this plan earns of the payments of each company that it brought. */
  readonly commission: { readonly bps: number; readonly months: number; readonly cap_nano_usd: number };
  readonly is_archived: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

export const SUBSCRIPTION_STATUSES = ["incomplete", "trialing", "active", "past_due", "canceled"] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** The plan that a company is on; `status: "canceled"` and `plan: "payg"` for pay as you go. */
export interface SubscriptionView {
  readonly plan: string;
  readonly status: SubscriptionStatus;
  readonly pay_with: "card" | "balance";
  readonly current_period_start: string | null;
  readonly current_period_end: string | null;
  readonly cancel_at_period_end: boolean;
  /** In force from the next period on. */
  readonly next_plan: string | null;
  /** Failed tries at the present renewal, and when it is tried again. */
  readonly failed_attempts: number;
  readonly next_attempt_at: string | null;
  /** Where to pay, when a card is still to be given. */
  readonly checkout_url: string | null;
}

/**
 * Plans and subscriptions. `input` is what the client sent, parsed here. With an `Idempotency-Key` a
 * mutation is carried out once and answered alike for 24 h: `idempotency_key_reused`, `idempotency_in_progress`.
 */
export interface PlansApi {
  /** The plans on offer, by id. */
  listPlans(context: CallContext, actor: Actor, query: unknown): Answer<Page<PlanView>>;
  /** Platform admins only, archived ones too. */
  listAllPlans(context: CallContext, actor: Actor, query: unknown): Answer<Page<PlanView>>;
  getPlan(context: CallContext, actor: Actor, id: string): Answer<PlanView>;
  /** Platform admins only. `already_exists`. */
  createPlan(context: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null): Answer<PlanView>;
  /** Platform admins only. A new markup is in force for requests reserved from then on. */
  updatePlan(
    context: CallContext,
    actor: Actor,
    id: string,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<PlanView>;
  /** Platform admins only. Who is on it stays; nobody can begin. */
  archivePlan(context: CallContext, actor: Actor, id: string, idempotencyKey: string | null): Answer<void>;
  subscription(context: CallContext, actor: Actor): Answer<SubscriptionView>;
  /** `conflict` when one is live; `insufficient_balance` when it is to be paid from a balance that is too small. */
  subscribe(
    context: CallContext,
    actor: Actor,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<SubscriptionView>;
  /** A dearer plan at once, prorated; a cheaper one from the next period on. */
  changeSubscription(
    context: CallContext,
    actor: Actor,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<SubscriptionView>;
  /** At the end of the period that is paid for. */
  cancelSubscription(context: CallContext, actor: Actor, idempotencyKey: string | null): Answer<SubscriptionView>;
}
