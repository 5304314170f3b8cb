import type {
  AccountExchange,
  AccountExchanged,
  Ending,
  EndingOutcome,
  Reservation,
  ReserveError,
  ReserveInput,
} from "@aggregator/contracts/account";
import type { Result } from "@aggregator/contracts/result";

/** One call to the company's account, with a stub of the caller's own request. */
export type SendExchange = (items: AccountExchange) => Promise<AccountExchanged>;
export type ReserveReply = Result<Reservation, ReserveError>;

/** A wait that can be called off: a timer that still fires costs an event of its own. */
export interface Pause {
  readonly over: Promise<void>;
  readonly cancel: () => void;
}

export interface ChannelClock {
  now(): number;
  pause(ms: number): Pause;
}

export interface ReserveOptions {
  readonly giveUpAfterMs: number;
  /** Whether the platform says that the same call may succeed a moment later. */
  readonly mayRetry: (error: unknown) => boolean;
}

/** An item and the request that waits for its reply. Pending while neither sent nor replied. */
interface Waiting<Item, Reply> {
  readonly item: Item;
  readonly sinceMs: number;
  sentAtMs: number | null;
  reply: Reply | null;
  failure: { readonly error: unknown } | null;
  /** After a failed call an item goes by itself, so that one bad item cannot hold up the others. */
  isAlone: boolean;
  wake: () => void;
}

interface Flight {
  readonly endings: readonly Waiting<Ending, EndingOutcome>[];
  readonly reserves: readonly Waiting<ReserveInput, ReserveReply>[];
}

/** What a kind of item may wait for. */
interface Patience {
  /** For a call that goes anyway. */
  readonly lingerMs: number;
  /** A call older than this has lost its leader (its request was cancelled); the item is sent again. */
  readonly staleMs: number;
}

const RESERVE_PATIENCE: Patience = { lingerMs: 0, staleMs: 300 };
const ENDING_PATIENCE: Patience = { lingerMs: 2, staleMs: 2_000 };
const MAX_GROUP = 100;
/** Between the starts of two calls while one is under way. */
const SPACING_MS = 3;
/** So many reserves within so long: more will come, and are worth waiting for. */
const BUSY_RESERVES = 4;
const BUSY_WITHIN_MS = 20;
/** Between the starts of two calls then; a call's own cost is several times that of an item in it. */
const BUSY_SPACING_MS = 8;
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 3_000;

/**
 * What one isolate has for one company's account, grouped: a commit costs the same for one item as for
 * fifty. A first reserve goes at once; what comes while its call is under way goes with the next one,
 * which starts when that lands or SPACING_MS later, so that a distant account queues nobody behind a
 * round trip. From about 200 reserves a second on, calls leave every BUSY_SPACING_MS. An ending lingers a
 * moment, for the next reserve of a busy client to carry it.
 *
 * Every item is idempotent by request id, so a doubtful one is simply sent again. A request makes calls
 * only in its own context: whoever finds that a call may start makes it for all that are pending, and
 * when that context dies the others notice by time.
 */
export class AccountChannel {
  readonly #clock: ChannelClock;
  readonly #endings = new Set<Waiting<Ending, EndingOutcome>>();
  readonly #reserves = new Set<Waiting<ReserveInput, ReserveReply>>();
  /** Start times of calls under way; one whose context died stays until it is stale. */
  #underWay: readonly number[] = [];
  #lastStartMs = -Infinity;
  /** When the latest reserves came, BUSY_RESERVES at most. */
  #arrivals: readonly number[] = [];

  constructor(clock: ChannelClock) {
    this.#clock = clock;
  }

  get isIdle(): boolean {
    return this.#endings.size === 0 && this.#reserves.size === 0;
  }

  /**
   * The account's answer, null when there was none in time. Rejects as the call did, after one more try
   * where `mayRetry`. Who leads a call waits for it: `send` brings its own deadline.
   */
  async reserve(item: ReserveInput, send: SendExchange, options: ReserveOptions): Promise<ReserveReply | null> {
    const waiting = newWaiting<ReserveInput, ReserveReply>(item, this.#clock.now());
    this.#reserves.add(waiting);
    this.#arrivals = [...this.#arrivals.slice(1 - BUSY_RESERVES), waiting.sinceMs];
    try {
      const giveUpAtMs = waiting.sinceMs + options.giveUpAfterMs;
      await this.#untilReplied(waiting, RESERVE_PATIENCE, giveUpAtMs, send);
      if (waiting.failure !== null && options.mayRetry(waiting.failure.error)) {
        goAlone(waiting);
        await this.#untilReplied(waiting, RESERVE_PATIENCE, giveUpAtMs, send);
      }
      if (waiting.failure !== null) throw waiting.failure.error;
      return waiting.reply;
    } finally {
      this.#reserves.delete(waiting);
    }
  }

  /** What became of the ending, tried again until `giveUpAfterMs`; null: not delivered. Never rejects. */
  async end(item: Ending, send: SendExchange, giveUpAfterMs: number): Promise<EndingOutcome | null> {
    const waiting = newWaiting<Ending, EndingOutcome>(item, this.#clock.now());
    this.#endings.add(waiting);
    const giveUpAtMs = waiting.sinceMs + giveUpAfterMs;
    let backoffMs = FIRST_BACKOFF_MS;
    while (waiting.reply === null && this.#clock.now() < giveUpAtMs) {
      await this.#untilReplied(waiting, ENDING_PATIENCE, giveUpAtMs, send);
      if (waiting.failure === null) continue;
      goAlone(waiting);
      await this.#clock.pause(backoffMs).over;
      backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
    }
    this.#endings.delete(waiting);
    return waiting.reply;
  }

  /** Until there is a reply or a failure, or the time is up. */
  async #untilReplied<Item, Reply>(
    waiting: Waiting<Item, Reply>,
    patience: Patience,
    giveUpAtMs: number,
    send: SendExchange,
  ): Promise<void> {
    for (;;) {
      const nowMs = this.#clock.now();
      if (waiting.reply !== null || waiting.failure !== null || nowMs >= giveUpAtMs) return;
      const isStale = waiting.sentAtMs !== null && nowMs - waiting.sentAtMs >= patience.staleMs;
      if (isStale) waiting.sentAtMs = null;
      const waitMs =
        waiting.sentAtMs === null
          ? this.#startsInMs(waiting, patience, nowMs)
          : waiting.sentAtMs + patience.staleMs - nowMs;
      if (waitMs > 0) await this.#sleep(waiting, Math.min(waitMs, giveUpAtMs - nowMs));
      else await this.#fly(this.#takeFlight(waiting), nowMs, send);
    }
  }

  /** How long until this pending item may start a call itself. */
  #startsInMs<Item, Reply>(waiting: Waiting<Item, Reply>, patience: Patience, nowMs: number): number {
    if (waiting.isAlone) return 0;
    this.#underWay = this.#underWay.filter((startedAtMs) => nowMs - startedAtMs < ENDING_PATIENCE.staleMs);
    const lingerMs = waiting.sinceMs + patience.lingerMs - nowMs;
    if (this.#isBusy(nowMs)) return Math.max(lingerMs, this.#lastStartMs + BUSY_SPACING_MS - nowMs);
    return this.#underWay.length === 0 ? lingerMs : Math.max(lingerMs, this.#lastStartMs + SPACING_MS - nowMs);
  }

  #isBusy(nowMs: number): boolean {
    const [oldest] = this.#arrivals;
    return this.#arrivals.length === BUSY_RESERVES && oldest !== undefined && nowMs - oldest < BUSY_WITHIN_MS;
  }

  async #sleep<Item, Reply>(waiting: Waiting<Item, Reply>, ms: number): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      waiting.wake = resolve;
    });
    const pause = this.#clock.pause(ms);
    await Promise.race([woken, pause.over]);
    pause.cancel();
  }

  #takeFlight<Item, Reply>(leader: Waiting<Item, Reply>): Flight {
    const isAboard = (waiting: Waiting<unknown, unknown>) =>
      leader.isAlone ? waiting === leader : !waiting.isAlone && waiting.sentAtMs === null && waiting.reply === null;
    return {
      endings: [...this.#endings].filter(isAboard).slice(0, MAX_GROUP),
      reserves: [...this.#reserves].filter(isAboard).slice(0, MAX_GROUP),
    };
  }

  async #fly({ endings, reserves }: Flight, startedAtMs: number, send: SendExchange): Promise<void> {
    for (const waiting of [...endings, ...reserves]) waiting.sentAtMs = startedAtMs;
    this.#underWay = [...this.#underWay, startedAtMs];
    this.#lastStartMs = startedAtMs;
    try {
      const replies = await send({ endings: endings.map(itemOf), reserves: reserves.map(itemOf) });
      endings.forEach((waiting, index) => {
        waiting.reply = replies.ended[index] ?? "anomaly";
      });
      reserves.forEach((waiting, index) => {
        waiting.reply = replies.reserved[index] ?? null;
      });
    } catch (error) {
      for (const waiting of [...endings, ...reserves]) waiting.failure = { error };
    } finally {
      this.#underWay = without(this.#underWay, startedAtMs);
      for (const waiting of [...endings, ...reserves]) waiting.wake();
      this.#wakeNext();
    }
  }

  /** One pending reserve, to start the next call now that one has landed. */
  #wakeNext(): void {
    for (const waiting of this.#reserves) {
      if (waiting.sentAtMs === null && waiting.reply === null) {
        waiting.wake();
        return;
      }
    }
  }
}

function newWaiting<Item, Reply>(item: Item, sinceMs: number): Waiting<Item, Reply> {
  return { item, sinceMs, sentAtMs: null, reply: null, failure: null, isAlone: false, wake: () => undefined };
}

function goAlone<Item, Reply>(waiting: Waiting<Item, Reply>): void {
  waiting.failure = null;
  waiting.sentAtMs = null;
  waiting.isAlone = true;
}

function itemOf<Item>(waiting: { readonly item: Item }): Item {
  return waiting.item;
}

function without(numbers: readonly number[], one: number): number[] {
  const index = numbers.indexOf(one);
  return numbers.filter((_, position) => position !== index);
}
