import type { RequestIdentity } from "./request-identity.ts";

/**
 * What every answer carries, whatever made it. API answers are data: nothing in them may run, be
 * framed or be guessed to be another type. https://owasp.org/www-project-secure-headers/
 */
const SECURITY_HEADERS = [
  ["x-content-type-options", "nosniff"],
  ["strict-transport-security", "max-age=31536000; includeSubDomains"],
  ["referrer-policy", "no-referrer"],
  ["x-frame-options", "DENY"],
  ["cross-origin-resource-policy", "cross-origin"],
] as const;

/** Stamps the request's ids and the security headers. */
export function stampHeaders(headers: Headers, identity: RequestIdentity): void {
  headers.set("x-request-id", identity.context.requestId);
  if (identity.clientRequestId !== null) headers.set("x-client-request-id", identity.clientRequestId);
  for (const [name, value] of SECURITY_HEADERS) headers.set(name, value);
}
