/**
 * The hop gateway → proxy is a service-binding `fetch` (a stream returned from an RPC method loses a
 * late `waitUntil`). What the gateway knows travels in these headers; it removes whatever a client
 * sent under the same names. Values are ASCII JSON or plain ids.
 */
export const CONTEXT_HEADERS = {
  requestId: "x-aggregator-request-id",
  traceparent: "traceparent",
  /** JSON of `Principal`; byte-identical between requests of one key, so that a parse can be cached. */
  principal: "x-aggregator-principal",
  clientRequestId: "x-client-request-id",
  /** Milliseconds since the epoch at which the gateway received the request. */
  receivedAtMs: "x-aggregator-received-at",
} as const;

/** Routes of the data plane, also the `endpoint` of a request record. */
export const DATA_PLANE_ENDPOINTS = [
  "/v1/chat/completions",
  "/v1/completions",
  "/v1/responses",
  "/v1/messages",
  "/v1/messages/count_tokens",
  "/v1/embeddings",
  "/v1/images/generations",
  "/v1/audio/speech",
  "/v1/audio/transcriptions",
  "/v1/moderations",
  "/v1/rerank",
] as const;
export type DataPlaneEndpoint = (typeof DATA_PLANE_ENDPOINTS)[number];

/** What a browser's script may read of a data-plane answer. */
export const EXPOSED_HEADERS = [
  "x-request-id",
  "x-client-request-id",
  "retry-after",
  "server-timing",
  "x-ratelimit-limit-requests",
  "x-ratelimit-remaining-requests",
  "x-ratelimit-reset-requests",
  "x-ratelimit-limit-tokens",
  "x-ratelimit-remaining-tokens",
  "x-ratelimit-reset-tokens",
  "x-aggregator-provider",
  "x-aggregator-attempts",
  "x-aggregator-cache",
] as const;

/**
 * API answers are data: nothing in them may run, be framed or be guessed to be another type.
 * https://owasp.org/www-project-secure-headers/
 */
export const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "cross-origin",
} as const;

/**
 * What every data-plane answer carries, set once by whoever makes the answer (the proxy, or the gateway
 * for its own refusals): the gateway hands the proxy's answers through untouched, since rebuilding a
 * response costs more than everything else that it does.
 */
export const DATA_PLANE_ANSWER_HEADERS = {
  ...SECURITY_HEADERS,
  "cache-control": "private, no-store",
  "access-control-allow-origin": "*",
  "access-control-expose-headers": EXPOSED_HEADERS.join(", "),
} as const;
