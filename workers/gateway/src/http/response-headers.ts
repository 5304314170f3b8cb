import { SECURITY_HEADERS } from "@aggregator/contracts/data-plane";
import type { RequestIdentity } from "./request-identity.ts";

/** Stamps the request's ids and the security headers. */
export function stampHeaders(headers: Headers, identity: RequestIdentity): void {
  headers.set("x-request-id", identity.context.requestId);
  if (identity.clientRequestId !== null) headers.set("x-client-request-id", identity.clientRequestId);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value);
}
