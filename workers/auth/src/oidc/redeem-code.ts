import * as oauth from "oauth4webapi";
import type { LoginSecrets } from "../domain/oidc-login.ts";
import type { Issuer } from "./issuer.ts";

/** Who the issuer says somebody is. */
export interface Proved {
  readonly issuer: string;
  readonly subject: string;
  /** As the issuer wrote it. */
  readonly email: string | null;
  /** Only a plain `true` counts. */
  readonly isEmailVerified: boolean;
}

/**
 * Trades the code of a login for its ID token and checks that: state, issuer, audience, nonce, times,
 * algorithm and, beyond what the direct connection would need, the signature by the issuer's keys.
 * Throws the library's errors.
 */
export async function redeemCode(
  issuer: Issuer,
  returned: { readonly code: string; readonly state: string; readonly iss?: string | undefined },
  secrets: LoginSecrets,
): Promise<Proved> {
  const { server, client, options } = issuer;
  const parameters = new URLSearchParams({ code: returned.code, state: returned.state });
  if (returned.iss !== undefined) parameters.set("iss", returned.iss);
  const checked = oauth.validateAuthResponse(server, client, parameters, secrets.state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    issuer.authentication,
    checked,
    issuer.redirectUri,
    secrets.codeVerifier,
    options,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
    expectedNonce: secrets.nonce,
    requireIdToken: true,
  });
  await oauth.validateApplicationLevelSignature(server, answer, { ...options, [oauth.jwksCache]: issuer.keys });
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  if (claims === undefined) throw new Error("an ID token was required and is not there");
  const { email } = claims;
  return {
    issuer: claims.iss,
    subject: claims.sub,
    email: typeof email === "string" ? email : null,
    isEmailVerified: claims["email_verified"] === true,
  };
}
