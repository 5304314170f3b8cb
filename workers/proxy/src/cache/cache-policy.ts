import { err, ok, type Result } from "@aggregator/contracts/result";

/** A day: an older answer is not what anybody expects of a model. */
const MAX_AGE_SECONDS = 86_400;

/** What a request wants of the response cache. */
export interface CachePolicy {
  readonly maxAgeSeconds: number;
  /** False for `no-cache`: answered anew, and kept. */
  readonly mayRead: boolean;
}

/**
 * The request's header `x-aggregator-cache` (`max-age=600`, `no-store`, `no-cache`) over the key's setting;
 * null: off, which it is unless somebody asked. `invalid_request` for what it does not know.
 */
export function readCachePolicy(headers: Headers, keyMaxAgeSeconds: number | null): Result<CachePolicy | null> {
  if (headers.get("x-aggregator-no-cache") !== null) return ok(null);
  const header = headers.get("x-aggregator-cache");
  let maxAgeSeconds = keyMaxAgeSeconds;
  let mayRead = true;
  for (const directive of header === null ? [] : header.toLowerCase().split(",")) {
    const [name = "", value] = directive.trim().split("=", 2);
    if (name === "no-store") return ok(null);
    if (name === "no-cache") mayRead = false;
    else if (name === "max-age" && value !== undefined && /^\d{1,9}$/.test(value)) maxAgeSeconds = Number(value);
    else return err("invalid_request", HEADER_FORM, { param: "x-aggregator-cache" });
  }
  if (maxAgeSeconds === null || maxAgeSeconds === 0) return ok(null);
  return ok({ maxAgeSeconds: Math.min(maxAgeSeconds, MAX_AGE_SECONDS), mayRead });
}

const HEADER_FORM = "x-aggregator-cache: must be made of max-age=<seconds>, no-cache and no-store.";
