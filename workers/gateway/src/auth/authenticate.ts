import type { Principal } from "@aggregator/contracts/actor";
import { ok, type Result } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import type { Config, Env } from "../env.ts";
import { callService } from "../http/call-service.ts";
import { credentialOf } from "../http/credential.ts";
import type { RequestIdentity } from "../http/request-identity.ts";
import { recordStep } from "../telemetry/record-spans.ts";
import { checkKeyPolicy } from "./check-key-policy.ts";
import { PrincipalCache, type ResolvedPrincipal } from "./principal-cache.ts";

/** About 1 kB each. */
const MAX_CACHED_KEYS = 5_000;
const API_KEY_PREFIX = "ag_";

/** One per isolate. */
const cache = new PrincipalCache(MAX_CACHED_KEYS);

export interface AuthenticatedRequest extends ResolvedPrincipal {
  /** The credential as sent; only what is about the session that asks needs it again. */
  readonly credential: string;
}

/**
 * Who sent the request. `invalid_request` (two credentials), `invalid_api_key`, `invalid_token`,
 * `company_suspended`, `permission_denied` (address not in the key's list); `service_unavailable` when
 * auth is down or slower than AUTH_TIMEOUT_MS: never an identity, never a 401.
 *
 * `mayBeCached`: whether an answer up to KEY_CACHE_MS old will do. It does for inference, where the
 * company's account has the last word on revocation; the management plane always asks. Only API keys
 * are remembered: an access token must end with its session.
 */
export async function authenticate(
  headers: Headers,
  identity: RequestIdentity,
  env: Env,
  config: Config,
  mayBeCached: boolean,
): Promise<Result<AuthenticatedRequest>> {
  const { span } = identity;
  if (span === null) return check(headers, identity, env, config, mayBeCached);
  const startMs = Date.now();
  const result = await check(headers, identity, env, config, mayBeCached);
  const error = result.ok ? null : result.error.code;
  recordStep(env, span, { name: "authenticate", startMs, attributes: {}, error });
  return result;
}

async function check(
  headers: Headers,
  identity: RequestIdentity,
  env: Env,
  config: Config,
  mayBeCached: boolean,
): Promise<Result<AuthenticatedRequest>> {
  const credential = credentialOf(headers);
  if (!credential.ok) return credential;
  const token = credential.value;
  const digest = mayBeCached && token.startsWith(API_KEY_PREFIX) ? await sha256Hex(token) : null;

  const known = digest === null ? null : cache.get(digest, identity.receivedAtMs);
  const resolved = known === null ? await resolve(token, identity, env, config) : ok(known);
  if (!resolved.ok) return resolved;

  const { key } = resolved.value.principal;
  const allowed = checkKeyPolicy(key, identity.context.clientIp, identity.receivedAtMs);
  if (!allowed.ok) return allowed;
  if (known === null && digest !== null && key !== null) {
    cache.set(digest, resolved.value, identity.receivedAtMs + config.KEY_CACHE_MS);
  }
  return ok({ ...resolved.value, credential: token });
}

async function resolve(
  token: string,
  identity: RequestIdentity,
  env: Env,
  config: Config,
): Promise<Result<ResolvedPrincipal>> {
  const answer = await callService("auth", config.AUTH_TIMEOUT_MS, identity.context, config.logger, () =>
    env.AUTH.authenticate(identity.context, token),
  );
  return answer.ok ? ok({ principal: answer.value, json: asciiJson(answer.value) }) : answer;
}

/** Header values are bytes: what is not ASCII is escaped, which JSON allows. */
function asciiJson(principal: Principal): string {
  return JSON.stringify(principal).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
