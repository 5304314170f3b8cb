/**
 * How many bytes the requests of this isolate hold in memory together: bodies, answers read whole, frames
 * held back, fills of the response cache. What new requests and fills may take is bounded; an answer that
 * is paid for is only counted, and then new requests wait outside. A request that is never said to be over
 * (its invocation was ended) counts until its deadline.
 */
export class BufferBudget {
  readonly #holders = new Set<HeldBytes>();
  #bytes = 0;

  /** What is held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A request's share of `maxBytes`, empty at first. */
  open(maxBytes: number, deadlineAtMs: number): HeldBytes {
    const held = new HeldBytes(maxBytes, deadlineAtMs, {
      change: (bytes) => {
        this.#bytes += bytes;
      },
      hasRoom: (bytes, nowMs) => this.#hasRoom(bytes, maxBytes, nowMs),
      close: () => this.#holders.delete(held),
    });
    this.#holders.add(held);
    return held;
  }

  #hasRoom(bytes: number, maxBytes: number, nowMs: number): boolean {
    if (this.#bytes + bytes <= maxBytes) return true;
    for (const held of this.#holders) if (held.deadlineAtMs <= nowMs) held.end();
    return this.#bytes + bytes <= maxBytes;
  }
}

interface Ledger {
  change(bytes: number): void;
  hasRoom(bytes: number, nowMs: number): boolean;
  close(): void;
}

/** What one request holds. */
export class HeldBytes {
  readonly maxBytes: number;
  readonly deadlineAtMs: number;
  readonly #ledger: Ledger;
  #bytes = 0;
  #hasEnded = false;

  constructor(maxBytes: number, deadlineAtMs: number, ledger: Ledger) {
    this.maxBytes = maxBytes;
    this.deadlineAtMs = deadlineAtMs;
    this.#ledger = ledger;
  }

  /** Takes bytes for what can still be refused; false: there is no room. */
  take(bytes: number, nowMs: number): boolean {
    if (!this.#ledger.hasRoom(bytes, nowMs)) return false;
    this.add(bytes);
    return true;
  }

  /** Counts bytes of what cannot be refused any more. */
  add(bytes: number): void {
    if (this.#hasEnded) return;
    this.#bytes += bytes;
    this.#ledger.change(bytes);
  }

  giveBack(bytes: number): void {
    this.add(-Math.min(bytes, this.#bytes));
  }

  /** The request is over: all is given back, and nothing is counted any more. */
  end(): void {
    if (this.#hasEnded) return;
    this.giveBack(this.#bytes);
    this.#hasEnded = true;
    this.#ledger.close();
  }
}

/** The isolate's. */
export const bufferBudget = new BufferBudget();
