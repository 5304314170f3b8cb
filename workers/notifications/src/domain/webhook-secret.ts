const PREFIX = "whsec_";
const SECRET_BYTES = 32;

/** A new signing secret in Standard Webhooks' form: `whsec_` and base64 of 32 random bytes. */
export function newWebhookSecret(): string {
  return PREFIX + btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(SECRET_BYTES))));
}

/** The key of a secret. Throws for an empty one: an empty key would let anybody sign. */
export function keyOfSecret(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(secret.slice(PREFIX.length)), (character) => character.charCodeAt(0));
  if (!secret.startsWith(PREFIX) || bytes.length < 24) throw new Error("not a webhook secret");
  return bytes;
}
