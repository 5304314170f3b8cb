import type { CachePolicy } from "./cache-policy.ts";

/** An answer larger than this is not kept. */
const MAX_BYTES = 2_097_152;

/** A request's dealings with the response cache. */
export class CacheUse {
  readonly policy: CachePolicy;
  state: "hit" | "miss" = "miss";
  /** The answer's name, once it is known. */
  key: string | null = null;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  constructor(policy: CachePolicy) {
    this.policy = policy;
  }

  /** Bytes of a stream on their way to the client. */
  collect(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#bytes <= MAX_BYTES) this.#pieces.push(bytes);
    else this.#pieces = [];
  }

  /** What was collected, as text; null when it was too much. */
  collected(): string | null {
    if (this.#bytes === 0 || this.#bytes > MAX_BYTES) return null;
    const decoder = new TextDecoder();
    return this.#pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode();
  }

  fits(text: string): boolean {
    return text.length <= MAX_BYTES;
  }
}
