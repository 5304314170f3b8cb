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
