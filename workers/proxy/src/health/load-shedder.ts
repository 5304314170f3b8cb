const WINDOW_MS = 1_000;
/** So many requests in a second pass in any case: there is no load to shed. */
const FLOOR = 5;
/** Of what is more. */
const SHARE = 0.2;

/**
 * When every endpoint of a request is passed by: lets some requests through to the least bad, so that
 * what is back is noticed, and never all of a load, which is what keeps it down. Kept per isolate.
 */
export class LoadShedder {
  readonly #windows = new Map<string, { startedAtMs: number; passed: number }>();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  passes(endpointId: string, nowMs: number): boolean {
    let window = this.#windows.get(endpointId);
    if (window === undefined || nowMs - window.startedAtMs >= WINDOW_MS) {
      if (this.#windows.size >= 1_000) this.#windows.clear();
      window = { startedAtMs: nowMs, passed: 0 };
      this.#windows.set(endpointId, window);
    }
    if (window.passed >= FLOOR && this.#random() >= SHARE) return false;
    window.passed += 1;
    return true;
  }
}
