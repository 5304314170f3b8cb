const IV_BYTES = 12;

/**
 * Seals secrets of database rows with AES-256-GCM. `boundTo` (table and row id) is authenticated with
 * the text, so a sealed secret moved to another row does not open.
 */
export interface SecretBox {
  seal(plaintext: string, boundTo: string): Promise<string>;
  /** Throws when the text was altered, moved or sealed with another key. */
  open(sealed: string, boundTo: string): Promise<string>;
}

/** A box for a 32-byte master key in base64 (`openssl rand -base64 32`). Throws for a key of another length. */
export async function createSecretBox(masterKeyBase64: string): Promise<SecretBox> {
  const key = await crypto.subtle.importKey("raw", keyBytesOf(masterKeyBase64), "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
  const parameters = (iv: Uint8Array<ArrayBuffer>, boundTo: string) => ({
    name: "AES-GCM",
    iv,
    additionalData: new TextEncoder().encode(boundTo),
  });
  return {
    async seal(plaintext, boundTo) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const sealed = await crypto.subtle.encrypt(parameters(iv, boundTo), key, new TextEncoder().encode(plaintext));
      return `v1.${base64Of(iv)}.${base64Of(new Uint8Array(sealed))}`;
    },
    async open(sealed, boundTo) {
      const [version, iv, body] = sealed.split(".");
      if (version !== "v1" || iv === undefined || body === undefined) throw new Error("not a sealed secret");
      const opened = await crypto.subtle.decrypt(parameters(bytesOf(iv), boundTo), key, bytesOf(body));
      return new TextDecoder().decode(opened);
    },
  };
}

/** The bytes of a 32-byte key in base64. Throws for a key of another length. */
export function keyBytesOf(keyBase64: string): Uint8Array<ArrayBuffer> {
  const raw = bytesOf(keyBase64);
  if (raw.length !== 32) throw new Error("the master key is not 32 bytes of base64");
  return raw;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
