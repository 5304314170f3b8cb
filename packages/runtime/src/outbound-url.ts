import { err, ok, type Result } from "@aggregator/contracts/result";
import ipaddr from "ipaddr.js";

/** Names that resolve inside a machine or a network, whatever the resolver says (RFC 6761, RFC 6762, RFC 8375). */
const PRIVATE_NAMES = ["localhost", "local", "internal", "intranet", "lan", "home.arpa", "localdomain", "test"];
const MAX_URL_LENGTH = 2_048;
/** Below this only https's own: the others are of services that speak something else. */
const FIRST_FREE_PORT = 1_024;
/** The ports above it on which no browser speaks HTTP either (https://fetch.spec.whatwg.org/#port-blocking). */
const OTHER_SERVICES = new Set([
  1_719, 1_720, 1_723, 2_049, 3_659, 4_045, 4_190, 5_060, 5_061, 6_000, 6_566, 6_665, 6_666, 6_667, 6_668, 6_669, 6_679,
  6_697, 10_080,
]);

/**
 * The one guard of URLs that a person can set (base URLs of providers, webhooks, issuers); called when
 * one is saved and again at the point of fetch, which must also refuse redirects. Passes https to a
 * public name or address, without credentials, on a port that may be a web server's. With `allowPrivate` (development) also http
 * and private addresses. Everything else is `invalid_request` with a reason that does not repeat the URL.
 *
 * Looks at the parsed hostname: `URL` has by then made decimal, octal, hex and full-width forms of IPv4
 * plain. A public name that resolves to a private address is left to the platform, which has no private
 * network to reach (`global_fetch_strictly_public`). Fails closed.
 */
export function checkOutboundUrl(text: string, options: { readonly allowPrivate: boolean }): Result<URL> {
  if (text.length > MAX_URL_LENGTH) return refuse(`must be at most ${MAX_URL_LENGTH} characters.`);
  // The parser forgives white space, control characters and backslashes; other parsers read them otherwise.
  if (!/^https?:\/\/[^\s\\\p{Cc}]+$/iu.test(text)) return refuse("must be an absolute https URL.");
  const url = URL.parse(text);
  if (url === null) return refuse("must be an absolute https URL.");
  if (url.username !== "" || url.password !== "") return refuse("must not contain credentials.");
  if (options.allowPrivate) return ok(url);
  if (url.protocol !== "https:") return refuse("must use https.");
  if (!isPublicHost(url.hostname)) return refuse("must point to a public host.");
  if (!isWebPort(url.port)) return refuse("must have no port, or one of a web server.");
  return ok(url);
}

function refuse(message: string): Result<never> {
  return err("invalid_request", message);
}

/** Empty: https's own. */
function isWebPort(port: string): boolean {
  const number = Number(port);
  return port === "" || (number >= FIRST_FREE_PORT && !OTHER_SERVICES.has(number));
}

function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/gu, "").replace(/\.+$/u, "");
  if (ipaddr.isValid(host)) return isPublicAddress(host);
  const labels = host.split(".");
  return labels.length > 1 && !PRIVATE_NAMES.some((name) => host === name || host.endsWith(`.${name}`));
}

/** IPv6 is public only in 2000::/3 and outside what embeds or tunnels IPv4 (6to4, Teredo): those are ranges of their own. */
function isPublicAddress(host: string): boolean {
  const address = ipaddr.parse(host);
  if (address.range() !== "unicast") return false;
  return address.kind() === "ipv4" || address.match(ipaddr.parseCIDR("2000::/3"));
}
