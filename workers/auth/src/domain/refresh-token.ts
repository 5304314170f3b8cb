import { type FillRandom, randomBase62 } from "./base62.ts";

const PREFIX = "ag_refresh_";
const FAMILY_DIGITS = 32;
const SHAPE = /^ag_refresh_([0-9A-Za-z]{32})_[0-9A-Za-z]{32}$/;

/** A family's part, which stays while its tokens rotate. */
export function newFamily(fill?: FillRandom): string {
  return randomBase62(FAMILY_DIGITS, fill);
}

/** A token of a family with a new rotating part (190 random bits). */
export function newRefreshToken(family: string, fill?: FillRandom): string {
  return `${PREFIX}${family}_${randomBase62(FAMILY_DIGITS, fill)}`;
}

/** The family's part of a token; null when it cannot be one of ours. */
export function familyOf(token: string): string | null {
  return SHAPE.exec(token)?.[1] ?? null;
}
