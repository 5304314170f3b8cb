import type { SecretBox } from "@aggregator/runtime/secret-box";
import type { SealedCredential } from "./domain/candidate.ts";
import { credentialBinding } from "./domain/credential-binding.ts";

const MAX_SECRETS = 1_000;

/**
 * Opened credentials in the memory of the isolate and nowhere else. Keyed by ciphertext and binding, so
 * a replaced or moved one is never answered from here.
 */
export class SecretCache {
  readonly #secrets = new Map<string, string>();

  /** The secret. Throws when the row was altered or moved. */
  async open(credential: SealedCredential, secretBox: () => Promise<SecretBox>): Promise<string> {
    const binding = credentialBinding(credential);
    const key = `${binding}\n${credential.sealedSecret}`;
    const known = this.#secrets.get(key);
    if (known !== undefined) return known;
    const secret = await (await secretBox()).open(credential.sealedSecret, binding);
    const [oldest] = this.#secrets.keys();
    if (this.#secrets.size >= MAX_SECRETS && oldest !== undefined) this.#secrets.delete(oldest);
    this.#secrets.set(key, secret);
    return secret;
  }
}
