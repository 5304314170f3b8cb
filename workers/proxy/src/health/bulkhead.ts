/**
 * How many calls of each provider are under way in this isolate, so that one that is slow does not take the
 * room of the others. A call that is never said to be over (its invocation was ended) counts until its
 * deadline.
 */
export class Bulkhead {
  readonly #underWay = new Map<string, Map<object, number>>();

  enter(provider: string, attempt: object, deadlineAtMs: number): void {
    const attempts = this.#underWay.get(provider) ?? new Map<object, number>();
    if (attempts.size === 0) this.#underWay.set(provider, attempts);
    attempts.set(attempt, deadlineAtMs);
  }

  leave(provider: string, attempt: object): void {
    const attempts = this.#underWay.get(provider);
    attempts?.delete(attempt);
    if (attempts?.size === 0) this.#underWay.delete(provider);
  }

  isFull(provider: string, max: number, nowMs: number): boolean {
    const attempts = this.#underWay.get(provider);
    if (attempts === undefined || attempts.size < max) return false;
    for (const [attempt, deadlineAtMs] of attempts) if (deadlineAtMs <= nowMs) attempts.delete(attempt);
    return attempts.size >= max;
  }

  count(provider: string): number {
    return this.#underWay.get(provider)?.size ?? 0;
  }
}

/** The isolate's. */
export const bulkhead = new Bulkhead();
