import { err, ok, type Result } from "@aggregator/contracts/result";

/** Longer than any key or token of ours; what exceeds it never travels further. */
const MAX_CREDENTIAL_LENGTH = 4096;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;
const BEARER = /^Bearer +(\S+) *$/i;

/**
 * The caller's credential from `Authorization: Bearer` (RFC 6750) or `x-api-key`. Two that differ are
 * `invalid_request`; none, or one that cannot be ours, is `invalid_api_key`. A header sent twice
 * arrives joined by a comma and a space, and so is refused.
 */
export function credentialOf(headers: Headers): Result<string> {
  const authorization = headers.get("authorization");
  const apiKey = headers.get("x-api-key");
  if (authorization === null && apiKey === null) {
    return err("invalid_api_key", "No credential was sent. Send Authorization: Bearer <key> or x-api-key: <key>.");
  }
  const bearer = authorization === null ? null : (BEARER.exec(authorization)?.[1] ?? "");
  if (bearer !== null && apiKey !== null && bearer !== apiKey) {
    return err("invalid_request", "Authorization and x-api-key carry different credentials. Send one.");
  }
  const credential = bearer ?? apiKey ?? "";
  if (credential.length > MAX_CREDENTIAL_LENGTH || !VISIBLE_ASCII.test(credential)) {
    return err("invalid_api_key", "The credential is malformed. Send Authorization: Bearer <key>.");
  }
  return ok(credential);
}
