/** GitHub as far as leak reports need it: its public keys, and the private one for the tests to sign with. */
export interface GitHubDouble {
  readonly privateJwk: string;
  answer(request: { readonly url: string }): Response | null;
}

export const GITHUB_KEYS_URL = "https://api.github.com/meta/public_keys/secret_scanning";
export const GITHUB_KEY_ID = "key-of-the-double";

export async function createGitHub(): Promise<GitHubDouble> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  if (!("publicKey" in pair)) throw new Error("an ECDSA key is a pair");
  const spki = base64Of(await crypto.subtle.exportKey("spki", pair.publicKey));
  const key = `-----BEGIN PUBLIC KEY-----\n${spki.match(/.{1,64}/g)?.join("\n") ?? ""}\n-----END PUBLIC KEY-----\n`;
  return {
    privateJwk: JSON.stringify(await crypto.subtle.exportKey("jwk", pair.privateKey)),
    answer: ({ url }) =>
      url === GITHUB_KEYS_URL
        ? Response.json({ public_keys: [{ key_identifier: GITHUB_KEY_ID, key, is_current: true }] })
        : null,
  };
}

function base64Of(bytes: ArrayBuffer | JsonWebKey): string {
  if (!(bytes instanceof ArrayBuffer)) throw new Error("a key in SPKI is bytes");
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
