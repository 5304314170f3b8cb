import { ERROR_TABLE } from "@aggregator/contracts/error-table";
import type { ErrorValue } from "@aggregator/contracts/result";

/** A failure with the status the client sees, where it is not the code's own (a provider's refusal keeps its). */
export interface ClientError extends ErrorValue {
  readonly status?: number;
  /** A provider's own error code, shown instead of ours. */
  readonly upstreamCode?: string | null;
}

/** The HTTP status of a failure. */
export function statusOf(error: ClientError): number {
  return error.status ?? ERROR_TABLE[error.code].status;
}

/** A failure in OpenAI's shape plus `request_id`: the body of an answer, or one frame of a stream. */
export function errorBody(error: ClientError, requestId: string): string {
  return JSON.stringify({
    error: {
      message: error.message,
      type: ERROR_TABLE[error.code].type,
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
