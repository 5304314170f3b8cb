import { keyBytesOf } from "./secret-box.ts";

const IV_BYTES = 12;

/** Seals what companies have stored: AES-256-GCM under a key of the company's own, bound to the object's name. */
export interface ContentBox {
  seal(companyId: string, name: string, text: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Throws when the bytes were altered, moved, or sealed for another company or under another key. */
  open(companyId: string, name: string, sealed: Uint8Array<ArrayBuffer>): Promise<string>;
}

/** A box for a 32-byte key in base64, from which each company's is derived (HKDF). Throws for another length. */
export async function createContentBox(keyBase64: string): Promise<ContentBox> {
  const master = await crypto.subtle.importKey("raw", keyBytesOf(keyBase64), "HKDF", false, ["deriveKey"]);
  const keyOf = (companyId: string): Promise<CryptoKey> =>
    crypto.subtle.deriveKey(
      { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bytesOf(`content/${companyId}`) },
      master,
      { name: "AES-GCM", length: 256 },
      false,
      ["encrypt", "decrypt"],
    );
  return {
    async seal(companyId, name, text) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const parameters = { name: "AES-GCM", iv, additionalData: bytesOf(name) };
      const body = await crypto.subtle.encrypt(parameters, await keyOf(companyId), bytesOf(text));
      const sealed = new Uint8Array(IV_BYTES + body.byteLength);
      sealed.set(iv);
      sealed.set(new Uint8Array(body), IV_BYTES);
      return sealed;
    },
    async open(companyId, name, sealed) {
      const parameters = { name: "AES-GCM", iv: sealed.subarray(0, IV_BYTES), additionalData: bytesOf(name) };
      const opened = await crypto.subtle.decrypt(parameters, await keyOf(companyId), sealed.subarray(IV_BYTES));
      return new TextDecoder().decode(opened);
    },
  };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
