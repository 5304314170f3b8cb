import { randomBase62 } from "./base62.ts";

const DIGITS = 32;
const SHAPE = /^[0-9A-Za-z]{32}$/;

/** What protects one login elsewhere. */
export interface LoginSecrets {
  /** Comes back with the answer: it belongs to this login (RFC 6749 10.12). */
  readonly state: string;
  /** Comes back inside the ID token: it was made for this login. */
  readonly nonce: string;
  /** Proves to the issuer that whoever redeems the code started the login (RFC 7636). */
  readonly codeVerifier: string;
}

/** The secret of a login, which the browser that starts it keeps until its end: 190 random bits. */
export function newLoginToken(): string {
  return randomBase62(DIGITS);
}

export function isLoginToken(text: string): boolean {
  return SHAPE.test(text);
}

/** All of them follow from the login's secret, so that nothing of them is stored and only its browser can go on. */
export async function loginSecretsOf(loginToken: string): Promise<LoginSecrets> {
  const [state, nonce, codeVerifier] = await Promise.all(
    ["state", "nonce", "code_verifier"].map((use) => derive(use, loginToken)),
  );
  return { state: state ?? "", nonce: nonce ?? "", codeVerifier: codeVerifier ?? "" };
}

/** 43 characters of base64url: what RFC 7636 asks of a verifier. */
async function derive(use: string, loginToken: string): Promise<string> {
  const bytes = new TextEncoder().encode(`oidc/${use}/${loginToken}`);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...digest))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
