import type { HeldBytes } from "../health/buffer-budget.ts";
import type { CachePolicy } from "./cache-policy.ts";

/** An answer larger than this is not kept. */
const MAX_BYTES = 2_097_152;

/** A request's dealings with the response cache. */
export class CacheUse {
  readonly policy: CachePolicy;
  readonly #buffers: HeldBytes;
  state: "hit" | "miss" = "miss";
  /** The answer's name, once it is known. */
  key: string | null = null;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #isGivenUp = false;

  constructor(policy: CachePolicy, buffers: HeldBytes) {
    this.policy = policy;
    this.#buffers = buffers;
  }

  /** Bytes of a stream on their way to the client. Too many of them, or no room for them: none is kept. */
  collect(bytes: Uint8Array): void {
    if (this.#isGivenUp) return;
    if (this.#bytes + bytes.length <= MAX_BYTES && this.#buffers.take(bytes.length, Date.now())) {
      this.#bytes += bytes.length;
      this.#pieces.push(bytes);
      return;
    }
    this.#isGivenUp = true;
    this.#pieces = [];
    this.#buffers.giveBack(this.#bytes);
  }

  /** What was collected, as text; null when it was given up. */
  collected(): string | null {
    if (this.#bytes === 0 || this.#isGivenUp) return null;
    const decoder = new TextDecoder();
    return this.#pieces.map((piece) => decoder.decode(piece, { stream: true })).join("") + decoder.decode();
  }

  /** Whether an answer may be kept, and there is room for its copy until it is. */
  fits(text: string): boolean {
    return text.length <= MAX_BYTES && this.#buffers.take(text.length, Date.now());
  }
}
