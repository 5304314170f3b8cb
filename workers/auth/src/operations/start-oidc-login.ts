import type { OidcLoginView } from "@aggregator/contracts/identity";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { parseInput } from "@aggregator/runtime/parse-input";
import { calculatePKCECodeChallenge } from "oauth4webapi";
import { z } from "zod";
import { limitAttempts } from "../attempts/limit-attempts.ts";
import type { Call } from "../call.ts";
import { insertOneTimeToken } from "../db/one-time-tokens.ts";
import { loginSecretsOf, newLoginToken } from "../domain/oidc-login.ts";
import { authorizationUrl, type Issuer, openIssuer } from "../oidc/issuer.ts";
import { issuerAway } from "../oidc/refusal.ts";

const StartOidcLogin = z.strictObject({ company_id: z.string().min(1).max(64).optional() });
const LIFETIME_MS = 10 * 60_000;

export const NO_ISSUER = err("not_found", "No issuer is configured.");

/**
 * Begins a login by the issuer: where the browser goes, and a secret that it keeps until it is back.
 * `not_found` where no issuer is configured, `rate_limit_exceeded`, `service_unavailable` when it is away.
 */
export async function startOidcLogin(call: Call, input: unknown): Answer<OidcLoginView> {
  if (call.config.OIDC_ISSUER === "") return NO_ISSUER;
  const parsed = parseInput(StartOidcLogin, input);
  if (!parsed.ok) return parsed;
  const allowed = await limitAttempts(call, null);
  if (!allowed.ok) return allowed;

  const loginToken = newLoginToken();
  let url: URL;
  try {
    const issuer = await openIssuer(call);
    if (issuer === null) return NO_ISSUER;
    url = await urlOf(issuer, call.config.ALLOW_PRIVATE_UPSTREAMS, loginToken);
  } catch (error) {
    return issuerAway(call, error);
  }
  await insertOneTimeToken(call.db, {
    tokenHash: await sha256Hex(loginToken),
    kind: "oidc_login",
    memberId: null,
    data: { company_id: parsed.value.company_id ?? null },
    createdAtMs: call.nowMs,
    expiresAtMs: call.nowMs + LIFETIME_MS,
  });
  return ok({ authorization_url: url.toString(), login_token: loginToken });
}

async function urlOf(issuer: Issuer, allowPrivate: boolean, loginToken: string): Promise<URL> {
  const { state, nonce, codeVerifier } = await loginSecretsOf(loginToken);
  const url = authorizationUrl(issuer, allowPrivate);
  const parameters = {
    response_type: "code",
    client_id: issuer.client.client_id,
    redirect_uri: issuer.redirectUri,
    scope: "openid email",
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}
