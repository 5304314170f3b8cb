import { sha256Hex } from "@aggregator/runtime/digest";

export const RECOVERY_CODES = 10;
/** Crockford's base 32: no two digits look alike to somebody who copies them from paper. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH = 16;
const SHAPE = new RegExp(`^[${DIGITS}]{${LENGTH}}$`);

/** New codes for a lost authenticator, of 80 random bits each, as people write them. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
    const digits = Array.from(bytes, (byte) => DIGITS.charAt(byte % DIGITS.length)).join("");
    return digits.replaceAll(/.{4}(?=.)/g, "$&-");
  });
}

/** A code as it was made, from how somebody typed it; null when it cannot be one. */
export function readRecoveryCode(text: string): string | null {
  const digits = text.toLowerCase().replaceAll(/[\s-]/g, "").replaceAll("o", "0").replaceAll(/[il]/g, "1");
  return SHAPE.test(digits) ? digits : null;
}

/** What is stored of a code: useless for another member. */
export function hashRecoveryCode(memberId: string, digits: string): Promise<string> {
  return sha256Hex(`recovery_codes/${memberId}/${digits}`);
}
