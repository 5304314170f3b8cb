import { randomBase62 } from "./base62.ts";

const DIGITS = 32;
const SHAPE = /^[0-9A-Za-z]{32}$/;

/** The secret in a mail's link: 190 random bits. */
export function newMailToken(): string {
  return randomBase62(DIGITS);
}

export function isMailToken(text: string): boolean {
  return SHAPE.test(text);
}

/** Where a mail's link leads. The secret is in the fragment, which browsers send to nobody. */
export function mailLink(publicUrl: string, page: "invitation" | "verify-email" | "reset-password", token: string) {
  return `${publicUrl}/console/${page}#token=${token}`;
}
