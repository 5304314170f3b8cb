import type { Principal } from "@aggregator/contracts/actor";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import type { Call } from "../call.ts";
import { findKeyBySecret, touchApiKey } from "../db/api-keys.ts";
import { findSession } from "../db/sessions.ts";
import { isWellFormedApiKey, looksLikeApiKey } from "../domain/api-key.ts";
import { requireActiveCompany } from "../domain/company-state.ts";
import { isInForce, principalOfKey, principalOfSession } from "../domain/principal.ts";
import { isSessionInForce } from "../domain/session.ts";
import { readAccessToken } from "../tokens/access-token.ts";

const HOUR_MS = 3_600_000;
/** Longer than any credential of ours. */
const MAX_CREDENTIAL_LENGTH = 4_096;
/** One answer for every reason, so that it tells nobody whether a key ever existed. */
const BAD_KEY = err("invalid_api_key", "The API key is not valid: mistyped, revoked or expired.");
const BAD_TOKEN = err("invalid_token", "The access token is not valid or its session has ended. Log in again.");

/**
 * Who a credential speaks for. A key: checksum first (no database for what cannot be ours), then one
 * read by a unique index. An access token: signature first, then its session's row, so that an ended
 * session is refused at once. `invalid_api_key`, `invalid_token`, `company_suspended`.
 */
export function authenticate(call: Call, credential: string): Answer<Principal> {
  return looksLikeApiKey(credential) || !credential.includes(".")
    ? authenticateKey(call, credential)
    : authenticateToken(call, credential);
}

async function authenticateKey(call: Call, secret: string): Answer<Principal> {
  if (!isWellFormedApiKey(secret)) return BAD_KEY;
  const keyHash = await sha256Hex(secret);
  const found = await findKeyBySecret(call.db, keyHash);
  if (found === undefined || !isInForce(found.key, keyHash, call.nowMs)) return BAD_KEY;
  const active = requireActiveCompany(found.company);
  if (!active.ok) return active;
  const principal = principalOfKey(found, keyHash);
  if (principal === null) return BAD_KEY;
  noteUse(call, found.key);
  return ok(principal);
}

async function authenticateToken(call: Call, token: string): Answer<Principal> {
  if (token.length > MAX_CREDENTIAL_LENGTH) return BAD_TOKEN;
  const claims = await readAccessToken(call, token);
  if (claims === null) return BAD_TOKEN;
  const found = await findSession(call.db, claims.sessionId);
  if (found === undefined || found.member.id !== claims.memberId) return BAD_TOKEN;
  if (!found.member.isActive || !isSessionInForce(found.session, call.nowMs)) return BAD_TOKEN;
  const active = requireActiveCompany(found.company);
  return active.ok ? ok(principalOfSession(found)) : active;
}

/** At most one write per key and hour, and nobody waits for it. */
function noteUse(call: Call, key: { readonly id: string; readonly lastUsedAtMs: number | null }): void {
  const hourMs = call.nowMs - (call.nowMs % HOUR_MS);
  if (key.lastUsedAtMs === null || key.lastUsedAtMs < hourMs) call.later(touchApiKey(call.db, key.id, hourMs));
}
