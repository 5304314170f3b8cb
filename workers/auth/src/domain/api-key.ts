import { type FillRandom, randomBase62, toBase62 } from "./base62.ts";
import { crc32 } from "./crc32.ts";

/** `temp`: a key that must expire. The type is in the token so that people and scanners can tell. */
export const API_KEY_PREFIXES = { live: "ag_live_", temporary: "ag_temp_" } as const;
export type ApiKeyType = keyof typeof API_KEY_PREFIXES;

const RANDOM_DIGITS = 32;
const CHECKSUM_DIGITS = 6;
const SHAPE = /^ag_(?:live|temp)_[0-9A-Za-z]{38}$/;

/** A new secret: type, 32 random base-62 digits (190 bits) and a checksum of all that. */
export function newApiKey(type: ApiKeyType, fill?: FillRandom): string {
  const body = API_KEY_PREFIXES[type] + randomBase62(RANDOM_DIGITS, fill);
  return body + checksumOf(body);
}

/** Whether a credential claims to be an API key. */
export function looksLikeApiKey(credential: string): boolean {
  return credential.startsWith("ag_");
}

/** Whether the token could be one of ours: what is mistyped or made up is refused without a database. */
export function isWellFormedApiKey(token: string): boolean {
  if (!SHAPE.test(token)) return false;
  const body = token.slice(0, -CHECKSUM_DIGITS);
  return checksumOf(body) === token.slice(-CHECKSUM_DIGITS);
}

/** Enough to recognise a key by, useless to call with. */
export function hintOf(token: string): string {
  return `${token.slice(0, 12)}...${token.slice(-4)}`;
}

/** The type of a key by its hint, which begins as its secret does. */
export function typeOfHint(hint: string): ApiKeyType {
  return hint.startsWith(API_KEY_PREFIXES.temporary) ? "temporary" : "live";
}

function checksumOf(body: string): string {
  return toBase62(crc32(body), CHECKSUM_DIGITS);
}
