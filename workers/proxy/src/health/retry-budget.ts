const WINDOW_MS = 10_000;
const SHARE = 0.2;
const FLOOR = 3;
const MAX_KNOWN = 1_000;

interface Window {
  startedAtMs: number;
  attempts: number;
  retries: number;
}

/**
 * Bounds how often a provider is asked again after it failed: per window of 10 s at most a fifth of what it
 * is asked, three at least, so that retries never make its outage worse. Going on to another provider is
 * no retry. Kept per isolate.
 */
export class RetryBudget {
  readonly #windows = new Map<string, Window>();

  /** An attempt is sent to `provider`. */
  noteAttempt(provider: string, nowMs: number): void {
    this.#window(provider, nowMs).attempts += 1;
  }

  /** True when the budget has room for asking `provider` again, which is then taken. */
  take(provider: string, nowMs: number): boolean {
    const window = this.#window(provider, nowMs);
    if (window.retries >= Math.max(FLOOR, window.attempts * SHARE)) return false;
    window.retries += 1;
    return true;
  }

  #window(provider: string, nowMs: number): Window {
    const known = this.#windows.get(provider);
    if (known !== undefined && nowMs - known.startedAtMs < WINDOW_MS) return known;
    if (this.#windows.size >= MAX_KNOWN) this.#windows.clear();
    const fresh = { startedAtMs: nowMs, attempts: 0, retries: 0 };
    this.#windows.set(provider, fresh);
    return fresh;
  }
}

/** The isolate's. */
export const retryBudget = new RetryBudget();
