import { Secret, TOTP } from "otpauth";

/** What every authenticator app assumes (RFC 6238 with Google's key URI). */
const RULE = { issuer: "Aggregator", algorithm: "SHA1", digits: 6, period: 30 } as const;
/** Steps before and after the present one whose codes are taken, for clocks that are off. */
const WINDOW = 1;
const SECRET_BYTES = 20;
const SHAPE = /^\d{6}$/;

/** A new secret in base32: 160 random bits. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What a QR code for an authenticator says. */
export function totpUri(secret: string, email: string): string {
  return new TOTP({ ...RULE, label: email, secret: Secret.fromBase32(secret) }).toString();
}

export function isTotpCode(text: string): boolean {
  return SHAPE.test(text);
}

/** The time step whose code this is, near now; null when it is none's. */
export function stepOf(secret: string, code: string, nowMs: number): number | null {
  const totp = new TOTP({ ...RULE, secret: Secret.fromBase32(secret) });
  const offset = totp.validate({ token: code, timestamp: nowMs, window: WINDOW });
  return offset === null ? null : totp.counter({ timestamp: nowMs }) + offset;
}
