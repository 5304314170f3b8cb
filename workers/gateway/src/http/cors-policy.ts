import { DATA_PLANE_ENDPOINTS } from "@aggregator/contracts/data-plane";

const ALLOWED_REQUEST_HEADER = /^(?:x-stainless-[a-z-]+|anthropic-[a-z-]+|openai-[a-z-]+|x-aggregator-[a-z-]+)$/;
const ALLOWED_REQUEST_HEADERS: ReadonlySet<string> = new Set([
  "accept",
  "authorization",
  "content-type",
  "idempotency-key",
  "if-match",
  "traceparent",
  "tracestate",
  "user-agent",
  "x-api-key",
  "x-client-request-id",
]);

/**
 * Of the headers that a preflight asks for, those that OpenAI's and Anthropic's browser clients send
 * (they add `x-stainless-*`, `openai-*`, `anthropic-*` as versions go by, so families and not a list).
 */
export function allowedRequestHeaders(requested: string | null): string[] {
  const allowed = (requested ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => ALLOWED_REQUEST_HEADERS.has(name) || ALLOWED_REQUEST_HEADER.test(name));
  // Never empty: hono/cors reads an empty list as "whatever was asked for".
  return allowed.length === 0 ? ["content-type"] : allowed;
}

const DATA_PLANE_PATHS: ReadonlySet<string> = new Set([...DATA_PLANE_ENDPOINTS, "/v1/models"]);

/** Paths that any origin may call, without credentials of the browser. */
export function isDataPlane(pathname: string): boolean {
  return DATA_PLANE_PATHS.has(pathname) || pathname.startsWith("/v1/models/");
}
