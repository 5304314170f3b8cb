import type { ErrorValue } from "@aggregator/contracts/result";
import { anthropicErrorBody, openAiErrorBody, speaksAnthropic } from "./error-body.ts";
import { ERROR_TABLE } from "@aggregator/contracts/error-table";

/** An error as the client of `pathname` expects it. Every refusal of the gateway is made here. */
export function errorResponse(error: ErrorValue, requestId: string, pathname: string): Response {
  const { status } = ERROR_TABLE[error.code];
  const body = speaksAnthropic(pathname) ? anthropicErrorBody(error, requestId) : openAiErrorBody(error, requestId);
  const headers = new Headers({ "content-type": "application/json", "cache-control": "private, no-store" });
  if (error.retryAfterSeconds !== undefined) headers.set("retry-after", String(error.retryAfterSeconds));
  // RFC 9110 15.5.2: a 401 names a challenge.
  if (status === 401) headers.set("www-authenticate", "Bearer");
  return new Response(JSON.stringify(body), { status, headers });
}

/** What a defect looks like from outside: nothing of its message, only the id to look for in the logs. */
export const INTERNAL_ERROR: ErrorValue = {
  code: "internal_error",
  message: "An internal error occurred. Retry, and give the request id to support if it stays.",
};

export const NO_SUCH_PATH: ErrorValue = {
  code: "not_found",
  message: "There is nothing at this path. See /openapi.json for what there is.",
};
