import { err, ok, type Result } from "@aggregator/contracts/result";
import { checkOutboundUrl } from "@aggregator/runtime/outbound-url";

/**
 * A base URL as it is stored: through the platform's guard, without query or fragment (either would
 * swallow the path that is appended at a call), without slashes at the end. `invalid_request` with
 * `param: "base_url"`.
 */
export function checkBaseUrl(text: string, allowPrivate: boolean): Result<string> {
  const param = { param: "base_url" };
  const url = checkOutboundUrl(text, { allowPrivate });
  if (!url.ok) return err("invalid_request", `base_url: ${url.error.message}`, param);
  if (/[?#]/.test(text)) return err("invalid_request", "base_url: must not have a query or a fragment", param);
  return ok(url.value.href.replace(/\/+$/, ""));
}

/** Whether two base URLs are served by the same host, so that a key for one may be sent to the other. */
export function isSameHost(a: string, b: string): boolean {
  return hostOf(a) === hostOf(b);
}

/** The host of a base URL, which is one; empty for what is none. */
export function hostOf(baseUrl: string): string {
  return URL.parse(baseUrl)?.hostname ?? "";
}
