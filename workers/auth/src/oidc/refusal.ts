import { err } from "@aggregator/contracts/result";
import { correlation } from "@aggregator/runtime/log";
import * as oauth from "oauth4webapi";
import type { Call } from "../call.ts";

const NOT_PROVED = err("invalid_credentials", "The issuer did not prove who you are. Sign in again.");
const AWAY = err("service_unavailable", "The issuer cannot be reached; try again shortly.", { retryAfterSeconds: 5 });

/** What the library throws about an answer, as against a network that is away. */
const ABOUT_ANSWERS = [
  oauth.OperationProcessingError,
  oauth.UnsupportedOperationError,
  oauth.ResponseBodyError,
  oauth.AuthorizationResponseError,
  oauth.WWWAuthenticateChallengeError,
];

/** The answer to a login that failed at the issuer. */
export function refusalOf(call: Call, error: unknown) {
  note(call, error);
  return ABOUT_ANSWERS.some((kind) => error instanceof kind) ? NOT_PROVED : AWAY;
}

/** The answer while the issuer cannot be asked, or is not what is configured. */
export function issuerAway(call: Call, error: unknown) {
  note(call, error);
  return AWAY;
}

/** For the operators: which check failed, by the library's own code or its class, and nothing of what was sent. */
function note(call: Call, error: unknown): void {
  const name = error instanceof Error ? error.name : "unknown";
  const code = error instanceof Error && "code" in error ? error.code : null;
  const reason = typeof code === "string" ? code : name;
  call.log.warn("oidc_refused", { ...correlation(call.context), reason });
}
