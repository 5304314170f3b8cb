import type { AttemptOutcome } from "@aggregator/contracts/request-record";

/** Why we ended an upstream call ourselves. */
export type StopCause = Extract<
  AttemptOutcome,
  "first_byte_timeout" | "idle_timeout" | "total_timeout" | "client_disconnected" | "cancelled"
>;

export interface WatchdogLimits {
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly deadlineAtMs: number;
}

/** Something to be done once, at a time. */
export interface Reminder {
  readonly atMs: number;
  readonly run: () => void;
}

/**
 * Watches one upstream call with a single timer that is re-armed only when it fires, so a chunk costs a
 * clock reading: the first byte, then the time between two chunks, and the request's own deadline.
 */
export class Watchdog {
  readonly #limits: WatchdogLimits;
  readonly #stop: (cause: StopCause) => void;
  #reminder: Reminder | null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #lastByteAtMs = Date.now();
  #hasBytes = false;
  #isPaused = false;

  constructor(limits: WatchdogLimits, stop: (cause: StopCause) => void, reminder: Reminder | null = null) {
    this.#limits = limits;
    this.#stop = stop;
    this.#reminder = reminder;
    this.#arm(Date.now());
  }

  /** Bytes came from the provider. */
  touch(): void {
    this.#hasBytes = true;
    this.#lastByteAtMs = Date.now();
  }

  /** While we wait for the client to read, the provider is not the slow one. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#lastByteAtMs = Date.now();
  }

  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #arm(now: number): void {
    const { firstByteMs, idleMs, deadlineAtMs } = this.#limits;
    const quietUntil = (this.#isPaused ? now : this.#lastByteAtMs) + (this.#hasBytes ? idleMs : firstByteMs);
    const wait = Math.max(1, Math.min(quietUntil, deadlineAtMs, this.#reminder?.atMs ?? Infinity) - now);
    this.#timer = setTimeout(() => this.#check(), wait);
  }

  #check(): void {
    const now = Date.now();
    if (this.#reminder !== null && now >= this.#reminder.atMs) {
      this.#reminder.run();
      this.#reminder = null;
    }
    const limit = this.#hasBytes ? this.#limits.idleMs : this.#limits.firstByteMs;
    if (now >= this.#limits.deadlineAtMs) this.#stop("total_timeout");
    else if (!this.#isPaused && now - this.#lastByteAtMs >= limit) {
      this.#stop(this.#hasBytes ? "idle_timeout" : "first_byte_timeout");
    } else this.#arm(now);
  }
}
