import type { Ending, EndingOutcome } from "@aggregator/contracts/account";

/** Sends endings to the company's account in one call, with a stub of the caller's own request. */
export type SendEndings = (endings: readonly Ending[]) => Promise<readonly EndingOutcome[]>;

export interface EndingClock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

interface Waiting {
  readonly ending: Ending;
  outcome: EndingOutcome | null;
  isPending: boolean;
  /** After a failed group call each ending goes alone, so that one bad ending cannot hold up the others. */
  goesAlone: boolean;
  wake: () => void;
}

const MAX_GROUP = 100;
/** A flight older than this has lost its leader (its request was cancelled): somebody else flies. */
const STALE_FLIGHT_MS = 2_000;
/** Below the 30 s that the platform gives `waitUntil`; after it the account's lease sweeper ends the request. */
const GIVE_UP_MS = 25_000;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 3_000;

/**
 * Groups the endings that one isolate has for one company, without timers: the first flies at once,
 * those that come meanwhile go together with the next call. Every request waits for its own ending and
 * makes calls only in its own context; when the leader's context dies, a follower takes over.
 */
export class CompanyEndings {
  readonly #clock: EndingClock;
  #pending: Waiting[] = [];
  #flightStartedAt: number | null = null;

  constructor(clock: EndingClock) {
    this.#clock = clock;
  }

  get isIdle(): boolean {
    return this.#pending.length === 0 && this.#flightStartedAt === null;
  }

  /** Resolves with what became of the ending, null when it could not be delivered in time. Never rejects. */
  async submit(ending: Ending, send: SendEndings): Promise<EndingOutcome | null> {
    const waiting: Waiting = { ending, outcome: null, isPending: false, goesAlone: false, wake: () => undefined };
    const giveUpAt = this.#clock.now() + GIVE_UP_MS;
    let backoffMs = FIRST_BACKOFF_MS;
    this.#enqueue(waiting);
    while (waiting.outcome === null && this.#clock.now() < giveUpAt) {
      if (this.#isInFlight()) {
        await this.#turn(waiting);
        continue;
      }
      this.#enqueue(waiting);
      const delivered = await this.#fly(send);
      if (delivered) continue;
      await this.#clock.sleep(backoffMs);
      backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
    }
    if (waiting.isPending) this.#pending = this.#pending.filter((other) => other !== waiting);
    return waiting.outcome;
  }

  #isInFlight(): boolean {
    return this.#flightStartedAt !== null && this.#clock.now() - this.#flightStartedAt < STALE_FLIGHT_MS;
  }

  #enqueue(waiting: Waiting): void {
    if (waiting.isPending || waiting.outcome !== null) return;
    waiting.isPending = true;
    this.#pending.push(waiting);
  }

  /** Until woken by an acknowledgement or a free flight, or until a flight would be stale. */
  async #turn(waiting: Waiting): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      waiting.wake = resolve;
    });
    await Promise.race([woken, this.#clock.sleep(STALE_FLIGHT_MS)]);
  }

  /** One call with what is pending. False: it failed, and its endings are pending again. */
  async #fly(send: SendEndings): Promise<boolean> {
    const group = this.#takeGroup();
    const startedAt = this.#clock.now();
    this.#flightStartedAt = startedAt;
    try {
      const outcomes = await send(group.map((waiting) => waiting.ending));
      group.forEach((waiting, index) => {
        waiting.outcome = outcomes[index] ?? "anomaly";
      });
      return true;
    } catch {
      for (const waiting of group) {
        waiting.goesAlone = true;
        this.#enqueue(waiting);
      }
      return false;
    } finally {
      if (this.#flightStartedAt === startedAt) this.#flightStartedAt = null;
      for (const waiting of group) waiting.wake();
      this.#pending[0]?.wake();
    }
  }

  #takeGroup(): Waiting[] {
    const alone = this.#pending[0]?.goesAlone === true;
    const size = alone ? 1 : Math.min(this.#pending.length, MAX_GROUP);
    const group = this.#pending.splice(0, size);
    for (const waiting of group) waiting.isPending = false;
    return group;
  }
}
