/**
 * The path of a Request's URL (absolute, with a path always), raw, without parsing the rest: on the hot path a `new URL` would cost
 * more than everything else that the gateway does before authentication.
 */
export function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  if (start < 0) return "/";
  const query = url.indexOf("?", start);
  return query < 0 ? url.slice(start) : url.slice(start, query);
}
