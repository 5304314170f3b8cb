import type { ErrorCode } from "./result.ts";

/** OpenAI's `error.type`. https://platform.openai.com/docs/guides/error-codes */
export const OPENAI_ERROR_TYPES = [
  "invalid_request_error",
  "authentication_error",
  "permission_error",
  "rate_limit_error",
  "insufficient_quota",
  "api_error",
] as const;
export type OpenAiErrorType = (typeof OPENAI_ERROR_TYPES)[number];

/** Statuses that an error can have; the router's types need them closed. */
export type ErrorStatus = 400 | 401 | 402 | 403 | 404 | 405 | 409 | 412 | 413 | 415 | 429 | 500 | 502 | 503 | 504;

interface ErrorMapping {
  readonly status: ErrorStatus;
  readonly type: OpenAiErrorType;
}

/** The one place where an error code becomes a status, for the gateway and the proxy. Exhaustive: a new code does not compile without its line. */
export const ERROR_TABLE: Readonly<Record<ErrorCode, ErrorMapping>> = {
  invalid_request: { status: 400, type: "invalid_request_error" },
  invalid_json: { status: 400, type: "invalid_request_error" },
  unsupported_media_type: { status: 415, type: "invalid_request_error" },
  request_too_large: { status: 413, type: "invalid_request_error" },
  invalid_api_key: { status: 401, type: "authentication_error" },
  invalid_token: { status: 401, type: "authentication_error" },
  invalid_credentials: { status: 401, type: "authentication_error" },
  permission_denied: { status: 403, type: "permission_error" },
  account_frozen: { status: 403, type: "permission_error" },
  company_suspended: { status: 403, type: "permission_error" },
  mfa_required: { status: 401, type: "authentication_error" },
  email_not_verified: { status: 403, type: "permission_error" },
  not_found: { status: 404, type: "invalid_request_error" },
  model_not_found: { status: 404, type: "invalid_request_error" },
  model_not_priced: { status: 400, type: "invalid_request_error" },
  method_not_allowed: { status: 405, type: "invalid_request_error" },
  conflict: { status: 409, type: "invalid_request_error" },
  already_exists: { status: 409, type: "invalid_request_error" },
  precondition_failed: { status: 412, type: "invalid_request_error" },
  idempotency_key_reused: { status: 409, type: "invalid_request_error" },
  idempotency_in_progress: { status: 409, type: "invalid_request_error" },
  insufficient_balance: { status: 402, type: "insufficient_quota" },
  budget_exceeded: { status: 402, type: "insufficient_quota" },
  rate_limit_exceeded: { status: 429, type: "rate_limit_error" },
  concurrency_limit_exceeded: { status: 429, type: "rate_limit_error" },
  // A refusal that the proxy relays keeps the provider's own status; this is the code without one.
  upstream_refused: { status: 400, type: "invalid_request_error" },
  upstream_rate_limited: { status: 429, type: "rate_limit_error" },
  upstream_error: { status: 502, type: "api_error" },
  upstream_timeout: { status: 504, type: "api_error" },
  no_endpoint_available: { status: 503, type: "api_error" },
  payment_failed: { status: 402, type: "invalid_request_error" },
  service_unavailable: { status: 503, type: "api_error" },
  internal_error: { status: 500, type: "api_error" },
};
