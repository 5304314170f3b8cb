/** Who asked, and how long there is: travels with every call between Workers. */
export interface CallContext {
  /** UUIDv7, made by the gateway; the id that the client, the ledger and every log line carry. */
  readonly requestId: string;
  /** W3C `traceparent` of the caller's span. https://www.w3.org/TR/trace-context/ */
  readonly traceparent: string;
  /** Client address as the edge saw it, for audit and allow-lists; null when unknown. */
  readonly clientIp?: string | null;
}
