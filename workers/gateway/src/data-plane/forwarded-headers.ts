import { CONTEXT_HEADERS } from "@aggregator/contracts/data-plane";
import type { RequestIdentity } from "../http/request-identity.ts";

/**
 * All that the proxy gets to see of the client's headers. A list of what passes, not of what is removed:
 * credentials, cookies, hop-by-hop headers (also those that `Connection` names) and whatever a client
 * sends under the names of our own context never travel on.
 */
const PASSED_ON = [
  "content-type",
  "idempotency-key",
  "anthropic-version",
  "anthropic-beta",
  "x-aggregator-cache",
  "x-aggregator-no-cache",
  "x-aggregator-tags",
] as const;

/** The headers of the hop to the proxy: the allowed ones and the context that the gateway vouches for. */
export function forwardedHeaders(sent: Headers, identity: RequestIdentity, principalJson: string): Headers {
  const headers = new Headers();
  for (const name of PASSED_ON) {
    const value = sent.get(name);
    if (value !== null) headers.set(name, value);
  }
  headers.set(CONTEXT_HEADERS.requestId, identity.context.requestId);
  headers.set(CONTEXT_HEADERS.traceparent, identity.context.traceparent);
  headers.set(CONTEXT_HEADERS.principal, principalJson);
  headers.set(CONTEXT_HEADERS.receivedAtMs, String(identity.receivedAtMs));
  if (identity.clientRequestId !== null) headers.set(CONTEXT_HEADERS.clientRequestId, identity.clientRequestId);
  return headers;
}
