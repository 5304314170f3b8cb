import type { Budget, RateLimits } from "./actor.ts";
import type { RequestRecord, RequestSubject } from "./request-record.ts";
import type { ErrorValue, Result } from "./result.ts";
import type { Usage, UsageQuality } from "./usage.ts";

/**
 * The company's account as the proxy sees it: reserve before dispatch, then one terminal `settle` or
 * `release`. Amounts are integer nano-USD ≤ MAX_NANO_USD. Every operation is idempotent by
 * `requestId` and safe to retry after a lost reply.
 *
 * States: HELD → SETTLED | RELEASED | EXPIRED; EXPIRED → SETTLED (late) once. If nobody ends a
 * reservation, the account's alarm does when the lease lapses.
 */
export const MAX_NANO_USD = 9_000_000_000_000_000;

export interface ReserveInput {
  readonly requestId: string;
  /** Present when the client sent `Idempotency-Key`: hash of (route, key) and of the body. Kept 24 h. */
  readonly idempotency: { readonly keyHash: string; readonly bodyHash: string } | null;
  readonly keyId: string;
  readonly memberId: string | null;
  /** Worst case over the plan, before markup, which the account adds. */
  readonly holdNanoUsd: number;
  /** Input alone, before markup: what is charged (flagged estimated) when the lease lapses after dispatch with nothing reported. */
  readonly promptNanoUsd: number;
  /** Worst-case tokens, counted against tokens-per-minute and corrected at settlement. */
  readonly estimatedTokens: number;
  readonly leaseMs: number;
  readonly keyLimits: RateLimits;
  readonly companyLimits: RateLimits;
  readonly keyBudget: Budget | null;
  readonly subject: RequestSubject;
  /** Models that may serve, each with a markup of its own; absent from callers of a version before: `subject.model`. */
  readonly models?: readonly string[];
  /** It is answered from the response cache: `holdNanoUsd` is what the answer would cost anew, of which the plan takes a share. */
  readonly isCacheHit?: true;
}

/** State of one limit, for `x-ratelimit-*`; present exactly when such a limit applies. */
export interface LimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetMs: number;
}

export interface Reservation {
  readonly holdNanoUsd: number;
  /** Basis points on cost, pinned for this request. */
  readonly markupBps: number;
  /** The same by model, for those of its models where it is another. */
  readonly markupBpsByModel?: Readonly<Record<string, number>>;
  /** For an answer from the response cache: the share of its price that the plan takes. Absent: none. */
  readonly cacheHitBps?: number;
  readonly requests: LimitState | null;
  readonly tokens: LimitState | null;
}

export type ReserveErrorCode =
  | "insufficient_balance"
  | "budget_exceeded"
  | "rate_limit_exceeded"
  | "concurrency_limit_exceeded"
  | "account_frozen"
  | "company_suspended"
  | "permission_denied"
  | "invalid_api_key"
  | "idempotency_key_reused"
  | "idempotency_in_progress"
  | "invalid_request";

/** A refusal stores nothing and consumes nothing; `limits` feed the 429's headers. */
export interface ReserveError extends ErrorValue {
  readonly code: ReserveErrorCode;
  readonly requests?: LimitState;
  readonly tokens?: LimitState;
}

/** Progress of a request: marks it dispatched, extends the lease, is the crash checkpoint, may raise the hold. */
export interface Checkpoint {
  readonly requestId: string;
  readonly usage: Usage | null;
  /** Price so far, markup included. */
  readonly priceNanoUsd: number;
  readonly costNanoUsd: number;
  readonly leaseMs: number;
  /** Wanted hold (markup included) when the present one no longer covers the rest; null = leave. */
  readonly raiseHoldToNanoUsd: number | null;
}

export interface CheckpointState {
  readonly holdNanoUsd: number;
  /** Somebody asked to stop this request: end it well-formed. */
  readonly cancelRequested: boolean;
}

export type CheckpointErrorCode =
  | "insufficient_balance"
  | "budget_exceeded"
  | "not_found"
  | "conflict"
  | "invalid_request";

/** Ends a request that may have cost something. */
export interface Settlement {
  readonly kind: "settle";
  readonly requestId: string;
  /** What the provider takes. */
  readonly costNanoUsd: number;
  /** What the company pays: cost with markup, rounded up once. */
  readonly priceNanoUsd: number;
  readonly usageQuality: UsageQuality;
  readonly record: RequestRecord;
}

/** Ends a request that certainly cost nothing. */
export interface Release {
  readonly kind: "release";
  readonly requestId: string;
  readonly record: RequestRecord;
}

/** Marks a request as sent to a provider; see `Checkpoint`, which implies it. */
export interface DispatchMark {
  readonly kind: "dispatched";
  readonly requestId: string;
}

export type Ending = Settlement | Release | DispatchMark;

/** What became of an ending; `anomaly`: unknown or already released reservation, recorded and not charged. */
export type EndingOutcome = "applied" | "repeated" | "anomaly" | "invalid_request";

/** What one isolate has for one account at one moment; see `CompanyAccountApi.exchange`. */
export interface AccountExchange {
  readonly endings: readonly Ending[];
  readonly reserves: readonly ReserveInput[];
}

/** Answer i belongs to item i. */
export interface AccountExchanged {
  readonly ended: readonly EndingOutcome[];
  readonly reserved: readonly Result<Reservation, ReserveError>[];
}

export interface CompanyAccountApi extends Rpc.DurableObjectBranded {
  /**
   * Checks key revocation, rate limits, concurrency, budgets and balance, and holds the worst case:
   * all or nothing, durable before the reply. A repeat with the same `requestId` returns the same
   * reservation. Fails closed.
   */
  reserve(input: ReserveInput): Promise<Result<Reservation, ReserveError>>;
  /** Extends the lease and records progress; refuses a raise that the balance does not cover, leaving the old hold. */
  checkpoint(input: Checkpoint): Promise<Result<CheckpointState, ErrorValue & { readonly code: CheckpointErrorCode }>>;
  /** Applies endings of many requests in one commit; outcome i belongs to ending i. */
  end(endings: readonly Ending[]): Promise<readonly EndingOutcome[]>;
  /**
   * Endings, then reserves, of many requests in one commit: what `end` and `reserve` do for each. A
   * defect in one rolls back all: the caller then sends them one by one.
   */
  exchange(items: AccountExchange): Promise<AccountExchanged>;
}
