import type { Principal } from "@aggregator/contracts/actor";

/** A principal as it was resolved, with its wire form ready for the hop to the proxy. */
export interface ResolvedPrincipal {
  readonly principal: Principal;
  /** ASCII JSON; byte-identical between requests of one key, so that the proxy can cache its parse. */
  readonly json: string;
}

interface Entry {
  readonly resolved: ResolvedPrincipal;
  readonly expiresAtMs: number;
}

/**
 * Positive answers of one isolate, by the SHA-256 of the whole token. Bounded: the least recently used
 * goes first. Holds no token, and nothing about tokens that were refused.
 */
export class PrincipalCache {
  readonly #entries = new Map<string, Entry>();
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  get(digest: string, nowMs: number): ResolvedPrincipal | null {
    const entry = this.#entries.get(digest);
    if (entry === undefined) return null;
    this.#entries.delete(digest);
    if (entry.expiresAtMs <= nowMs) return null;
    // Re-inserted: a Map iterates in insertion order, so the first entry is the least recently used.
    this.#entries.set(digest, entry);
    return entry.resolved;
  }

  set(digest: string, resolved: ResolvedPrincipal, expiresAtMs: number): void {
    this.#entries.delete(digest);
    if (this.#entries.size >= this.#maxEntries) {
      const oldest = this.#entries.keys().next();
      if (oldest.done !== true) this.#entries.delete(oldest.value);
    }
    this.#entries.set(digest, { resolved, expiresAtMs });
  }

  get size(): number {
    return this.#entries.size;
  }
}
