import type { ErrorValue } from "@aggregator/contracts/result";
import { ERROR_TABLE, type ErrorStatus, type OpenAiErrorType } from "@aggregator/contracts/error-table";

/** OpenAI's shape plus the request id. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: OpenAiErrorType;
    readonly code: string;
    readonly param: string | null;
  };
  readonly request_id: string;
  /** For `idempotency_*`: the id of the request that came first. */
  readonly first_request_id?: string;
  /** For `mfa_required`: what the second step of the login needs. */
  readonly challenge_token?: string;
}

/** Anthropic's shape. https://docs.anthropic.com/en/api/errors */
export interface AnthropicErrorBody {
  readonly type: "error";
  readonly error: { readonly type: string; readonly message: string };
  readonly request_id: string;
}

/** An error as an OpenAI client expects it. */
export function openAiErrorBody(error: ErrorValue, requestId: string): ErrorBody {
  return {
    error: {
      message: error.message,
      type: ERROR_TABLE[error.code].type,
      code: error.code,
      param: error.param ?? null,
    },
    request_id: requestId,
    ...(error.firstRequestId === undefined ? {} : { first_request_id: error.firstRequestId }),
    ...(error.challengeToken === undefined ? {} : { challenge_token: error.challengeToken }),
  };
}

/** An error as an Anthropic client expects it; it knows types, not codes. */
export function anthropicErrorBody(error: ErrorValue, requestId: string): AnthropicErrorBody {
  const type = ANTHROPIC_TYPES[ERROR_TABLE[error.code].status];
  return { type: "error", error: { type, message: error.message }, request_id: requestId };
}

/** Paths whose clients are Anthropic's. */
export function speaksAnthropic(pathname: string): boolean {
  return pathname === "/v1/messages" || pathname.startsWith("/v1/messages/");
}

const ANTHROPIC_TYPES: Readonly<Record<ErrorStatus, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  405: "invalid_request_error",
  409: "invalid_request_error",
  412: "invalid_request_error",
  413: "request_too_large",
  415: "invalid_request_error",
  429: "rate_limit_error",
  500: "api_error",
  502: "api_error",
  503: "overloaded_error",
  504: "timeout_error",
};
