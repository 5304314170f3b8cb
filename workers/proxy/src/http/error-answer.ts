import { ERROR_TABLE } from "@aggregator/contracts/error-table";
import type { ErrorValue } from "@aggregator/contracts/result";
import { sseEvent } from "../adapters/sse-event.ts";
import type { Protocol } from "../endpoints/inference-request.ts";

/** A failure with the status the client sees, where it is not the code's own (a provider's refusal keeps its). */
export interface ClientError extends ErrorValue {
  readonly status?: number;
  /** A provider's own error code, shown instead of ours. */
  readonly upstreamCode?: string | null;
  /** What Anthropic's wire carries in `error.details`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The HTTP status of a failure. */
export function statusOf(error: ClientError): number {
  return error.status ?? ERROR_TABLE[error.code].status;
}

/** A failure in the shape of the client's wire plus `request_id`: the body of an answer. */
export function errorBody(error: ClientError, requestId: string, protocol: Protocol): string {
  return JSON.stringify(
    protocol === "anthropic-messages" ? anthropicError(error, requestId) : openAiError(error, requestId),
  );
}

/** A failure after content was shown: the last event of a stream, in the shape of the client's wire. */
export function errorEvent(error: ClientError, requestId: string, protocol: Protocol): string {
  switch (protocol) {
    case "anthropic-messages":
      return sseEvent(anthropicError(error, requestId), "error");
    case "openai-responses": {
      const { message, code, param } = openAiError(error, requestId).error;
      return sseEvent({ type: "error", code, message, param, request_id: requestId }, "error");
    }
    case "openai-chat":
    case "openai-completions":
    case "openai-other":
      return sseEvent({ ...openAiError(error, requestId) });
  }
}

function openAiError(error: ClientError, requestId: string) {
  return {
    error: {
      message: error.message,
      type: ERROR_TABLE[error.code].type,
      code: error.upstreamCode ?? error.code,
      param: error.param ?? null,
    },
    request_id: requestId,
  };
}

/** https://docs.anthropic.com/en/api/errors */
function anthropicError(error: ClientError, requestId: string) {
  return {
    type: "error",
    error: {
      type: anthropicErrorType(statusOf(error)),
      message: error.message,
      ...(error.details === undefined ? {} : { details: error.details }),
    },
    request_id: requestId,
  };
}

function anthropicErrorType(status: number): string {
  switch (status) {
    case 401:
      return "authentication_error";
    case 402:
      return "billing_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 413:
      return "request_too_large";
    case 429:
      return "rate_limit_error";
    case 503:
      return "overloaded_error";
    case 504:
      return "timeout_error";
    default:
      return status < 500 ? "invalid_request_error" : "api_error";
  }
}

/** Sets `retry-after` where the failure carries one. */
export function addRetryAfter(headers: Headers, error: ClientError): void {
  if (error.retryAfterSeconds !== undefined) headers.set("retry-after", String(error.retryAfterSeconds));
}
