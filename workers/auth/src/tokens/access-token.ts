import { errors, jwtVerify, SignJWT } from "jose";
import type { Call } from "../call.ts";
import { type KeyRing, openKeyRing, SIGNING_ALGORITHM } from "./key-ring.ts";

export const ACCESS_TOKEN_SECONDS = 15 * 60;
const AUDIENCE = "aggregator";
/** RFC 9068: an access token says so in its header, so that no other JWT of ours passes for one. */
const TYPE = "at+jwt";

/** An access token for a session, good for ACCESS_TOKEN_SECONDS and only while the session lasts. */
export async function signAccessToken(call: Call, sessionId: string, memberId: string): Promise<string> {
  const { signer } = await openKeyRing(call);
  const nowSeconds = Math.floor(call.nowMs / 1000);
  return new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: TYPE, kid: signer.kid })
    .setIssuer(call.config.PUBLIC_URL)
    .setAudience(AUDIENCE)
    .setSubject(memberId)
    .setJti(call.newId())
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + ACCESS_TOKEN_SECONDS)
    .sign(signer.key);
}

/**
 * The session that a token speaks for, or null: another algorithm, type, issuer or audience, expired,
 * not signed by a key of ours that is in force. Keys are found by `kid` among our own only; `jwk`, `jku`
 * and `x5u` in the header are not read. Says nothing about whether the session still lasts.
 */
export async function readAccessToken(
  call: Call,
  token: string,
): Promise<{ readonly sessionId: string; readonly memberId: string } | null> {
  try {
    const { payload } = await jwtVerify(token, async ({ kid }) => verifierOf(await openKeyRing(call, kid), kid, call), {
      algorithms: [SIGNING_ALGORITHM],
      typ: TYPE,
      issuer: call.config.PUBLIC_URL,
      audience: AUDIENCE,
      requiredClaims: ["exp", "iat", "sub", "sid"],
      currentDate: new Date(call.nowMs),
    });
    const { sub, sid } = payload;
    return typeof sid === "string" && sub !== undefined ? { sessionId: sid, memberId: sub } : null;
  } catch (error) {
    // Any of jose's own: the token. Anything else is ours (the database) and must not look like a bad token.
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

function verifierOf(ring: KeyRing, kid: string | undefined, call: Call): CryptoKey {
  const verifier = kid === undefined ? undefined : ring.verifiers.get(kid);
  if (verifier === undefined || (verifier.retiresAtMs !== null && verifier.retiresAtMs <= call.nowMs)) {
    throw new errors.JWKSNoMatchingKey();
  }
  return verifier.key;
}
