/** Names of the objects in the bucket of stored content. A company's prefix ends in a slash: none is another's. */

/** A company's policy, for the proxies: JSON of `ContentPolicy`. */
export function policyName(companyId: string): string {
  return `policies/${companyId}`;
}

/** Before all that a company has stored, in the order of time. */
export function contentPrefix(companyId: string): string {
  return `content/${companyId}/`;
}

/** What is stored of one request. Ids are UUIDv7, so names sort by time. */
export function contentName(companyId: string, requestId: string): string {
  return `${contentPrefix(companyId)}${requestId}`;
}
