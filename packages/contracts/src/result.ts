import type { Change } from "./audit.ts";

/**
 * Expected outcomes across Workers are values: an error's class and own properties do not survive
 * Workers RPC, so a closed `code` union travels as data and the gateway maps it in one table.
 * Throw only for defects. `replayed`: the stored answer to an `Idempotency-Key` that was used before.
 * `change`: for the audit log, what a mutation changed; null when it changed nothing.
 */
export type Result<Value, Failure extends ErrorValue = ErrorValue> =
  | { readonly ok: true; readonly value: Value; readonly replayed?: true; readonly change?: Change | null }
  | { readonly ok: false; readonly error: Failure; readonly replayed?: true };

/** What an RPC method returns. */
export type Answer<Value> = Promise<Result<Value>>;

/** What every expected failure carries. `message` is safe to show to the caller. */
export interface ErrorValue {
  readonly code: ErrorCode;
  readonly message: string;
  /** Dotted path of the offending field, where there is one. */
  readonly param?: string;
  /** Whole seconds after which a retry may succeed. */
  readonly retryAfterSeconds?: number;
  /** For `idempotency_*`: the id of the request that came first. */
  readonly firstRequestId?: string;
  /** For `mfa_required`: what the second step of the login needs. A secret: to be answered, never logged. */
  readonly challengeToken?: string;
}

/** Every code that may cross a Worker boundary or reach a client. Adding one is additive; removing is not. */
export const ERROR_CODES = [
  "invalid_request",
  "invalid_json",
  "unsupported_media_type",
  "request_too_large",
  "invalid_api_key",
  "invalid_token",
  "invalid_credentials",
  "permission_denied",
  "account_frozen",
  "company_suspended",
  "mfa_required",
  "email_not_verified",
  "not_found",
  "model_not_found",
  "model_not_priced",
  "method_not_allowed",
  "conflict",
  "already_exists",
  "precondition_failed",
  "idempotency_key_reused",
  "idempotency_in_progress",
  "insufficient_balance",
  "budget_exceeded",
  "rate_limit_exceeded",
  "concurrency_limit_exceeded",
  "upstream_refused",
  "upstream_rate_limited",
  "upstream_error",
  "upstream_timeout",
  "no_endpoint_available",
  "payment_failed",
  "service_unavailable",
  "internal_error",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export function ok(): Result<void, never>;
export function ok<Value>(value: Value): Result<Value, never>;
export function ok<Value>(value?: Value): Result<Value | undefined, never> {
  return { ok: true, value };
}

/** A mutation's answer with what it changed, for the audit log; null when it changed nothing. */
export function changed<Value>(value: Value, change: Change | null): Result<Value, never> {
  return { ok: true, value, change };
}

/** As `changed`, for an answer that somebody else gave. */
export function withChange<Value>(result: Result<Value>, change: Change): Result<Value> {
  return result.ok ? { ...result, change } : result;
}

/** Builds a failure; `details` adds `param`, `retryAfterSeconds`, `firstRequestId` or `challengeToken`. */
export function err<Code extends ErrorCode>(
  code: Code,
  message: string,
  details: Omit<ErrorValue, "code" | "message"> = {},
): { readonly ok: false; readonly error: ErrorValue & { readonly code: Code } } {
  return { ok: false, error: { code, message, ...details } };
}
