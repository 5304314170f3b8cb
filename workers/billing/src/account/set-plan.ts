import type { RateLimits } from "@aggregator/contracts/actor";
import type { ReserveInput } from "@aggregator/contracts/account";
import type { Account } from "./account.ts";

export interface AccountPlan {
  readonly planId: string;
  /** On cost; reserve pins it for each request from now on. */
  readonly markupBps: number;
  /** Share of an answer's price when it comes from the response cache; absent in plans told before there was one: none. */
  readonly cacheHitBps?: number;
  /** In force beside the company's own: the tighter one decides. */
  readonly rateLimits: RateLimits;
  /** `[revision of the subscription, revision of the plan]`: an older pair than the account has is ignored. */
  readonly revision: readonly [number, number];
}

/** Puts a plan in force. Running requests keep what their reservation pinned. Idempotent and order-safe by `revision`. */
export function setPlan(account: Account, plan: AccountPlan): void {
  const { book, sql } = account;
  if (book.plan !== null && !isNewer(plan.revision, book.plan.revision)) return;
  sql.run("UPDATE account SET markup_bps = ?, plan = ? WHERE id = 1", plan.markupBps, JSON.stringify(plan));
  book.markupBps = plan.markupBps;
  book.plan = plan;
}

/** The reservation as the plan allows it. */
export function underPlan(account: Account, input: ReserveInput): ReserveInput {
  const plan = account.book.plan?.rateLimits;
  return plan === undefined ? input : { ...input, companyLimits: tighter(input.companyLimits, plan) };
}

function tighter(a: RateLimits, b: RateLimits): RateLimits {
  const limit = (name: keyof RateLimits) => {
    const least = Math.min(a[name] ?? Infinity, b[name] ?? Infinity);
    return least === Infinity ? {} : { [name]: least };
  };
  return { ...limit("requestsPerMinute"), ...limit("tokensPerMinute"), ...limit("concurrentRequests") };
}

function isNewer(a: AccountPlan["revision"], b: AccountPlan["revision"]): boolean {
  return a[0] !== b[0] ? a[0] > b[0] : a[1] > b[1];
}
