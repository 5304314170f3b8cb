import type { ErrorCode, ErrorValue } from "@aggregator/contracts/result";

type OpenAiErrorType =
  | "invalid_request_error"
  | "authentication_error"
  | "permission_error"
  | "rate_limit_error"
  | "insufficient_quota"
  | "api_error";

/** A failure with the status the client sees, where it is not the code's own (a provider's refusal keeps its). */
export interface ClientError extends ErrorValue {
  readonly status?: number;
  /** A provider's own error code, shown instead of ours. */
  readonly upstreamCode?: string | null;
}

const BY_CODE: Readonly<Record<ErrorCode, readonly [status: number, type: OpenAiErrorType]>> = {
  invalid_request: [400, "invalid_request_error"],
  invalid_json: [400, "invalid_request_error"],
  unsupported_media_type: [415, "invalid_request_error"],
  request_too_large: [413, "invalid_request_error"],
  invalid_api_key: [401, "authentication_error"],
  invalid_token: [401, "authentication_error"],
  invalid_credentials: [401, "authentication_error"],
  permission_denied: [403, "permission_error"],
  account_frozen: [403, "permission_error"],
  company_suspended: [403, "permission_error"],
  mfa_required: [401, "authentication_error"],
  email_not_verified: [403, "permission_error"],
  not_found: [404, "invalid_request_error"],
  model_not_found: [404, "invalid_request_error"],
  model_not_priced: [400, "invalid_request_error"],
  method_not_allowed: [405, "invalid_request_error"],
  conflict: [409, "invalid_request_error"],
  already_exists: [409, "invalid_request_error"],
  precondition_failed: [412, "invalid_request_error"],
  idempotency_key_reused: [409, "invalid_request_error"],
  idempotency_in_progress: [409, "invalid_request_error"],
  insufficient_balance: [402, "insufficient_quota"],
  budget_exceeded: [402, "insufficient_quota"],
  rate_limit_exceeded: [429, "rate_limit_error"],
  concurrency_limit_exceeded: [429, "rate_limit_error"],
  upstream_refused: [400, "invalid_request_error"],
  upstream_rate_limited: [429, "rate_limit_error"],
  upstream_error: [502, "api_error"],
  upstream_timeout: [504, "api_error"],
  no_endpoint_available: [503, "api_error"],
  payment_failed: [402, "insufficient_quota"],
  service_unavailable: [503, "api_error"],
  internal_error: [500, "api_error"],
};

/** The HTTP status of a failure. */
export function statusOf(error: ClientError): number {
  return error.status ?? BY_CODE[error.code][0];
}

/** A failure in OpenAI's shape plus `request_id`: the body of an answer, or one frame of a stream. */
export function errorBody(error: ClientError, requestId: string): string {
  return JSON.stringify({
    error: {
      message: error.message,
      type: BY_CODE[error.code][1],
      code: error.upstreamCode ?? error.code,
      param: error.param ?? null,
    },
    request_id: requestId,
  });
}

/** Sets `retry-after` where the failure carries one. */
export function addRetryAfter(headers: Headers, error: ClientError): void {
  if (error.retryAfterSeconds !== undefined) headers.set("retry-after", String(error.retryAfterSeconds));
}
