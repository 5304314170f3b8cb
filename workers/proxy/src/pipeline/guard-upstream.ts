import { checkOutboundUrl } from "@aggregator/runtime/outbound-url";

const MAX_KNOWN = 1_000;
/** Base URLs that passed; a refusal is not kept, it is rare and may be an operator's typing error. */
const allowed = new Set<string>();

/** The one guard of outbound URLs, at the point of fetch; `url` is the endpoint's base with the adapter's path. */
export function isAllowedUpstream(url: string, baseUrl: string, allowPrivate: boolean): boolean {
  if (allowed.has(baseUrl)) return true;
  if (!checkOutboundUrl(url, { allowPrivate }).ok) return false;
  if (allowed.size >= MAX_KNOWN) allowed.clear();
  allowed.add(baseUrl);
  return true;
}
