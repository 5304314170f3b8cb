import { DurableObject } from "cloudflare:workers";
import type { NoticeMessage } from "@aggregator/contracts/notices";
import type { HealthReport, HealthSnapshot, ProviderHealthView } from "@aggregator/contracts/provider-health";
import { defectFields } from "@aggregator/runtime/log";
import { configOf, type Env, loggerOf } from "../env.ts";
import { LIMITS } from "./circuit.ts";
import { HealthBook, type StoredBook } from "./health-book.ts";
import { healthView } from "./health-view.ts";
import { noticesOf } from "./health-notices.ts";

const STORED_AS = "book";
/** More than this many untold notices are not kept: the state itself can be read. */
const MAX_UNTOLD = 100;

/**
 * One provider's health as all isolates share it. Nobody waits for it: isolates report under `waitUntil`
 * and go on with what they know when it does not answer. Counts live in memory; what is not closed is on
 * disk, written only when it changes.
 */
export class ProviderHealth extends DurableObject<Env> {
  readonly #book: HealthBook;
  #stored: string;
  #untold: NoticeMessage[] = [];

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { HEALTH_OPEN_MS: openMs, HEALTH_RAMP_STEP_MS: rampStepMs } = configOf(env);
    const stored = ctx.storage.kv.get<StoredBook>(STORED_AS) ?? null;
    this.#book = new HealthBook({ ...LIMITS, openMs, rampStepMs }, stored);
    this.#stored = JSON.stringify(stored);
  }

  /** Adds what an isolate saw of this provider; answers what it is to know of the endpoints it watches. */
  report(provider: string, report: HealthReport): HealthSnapshot {
    const nowMs = Date.now();
    const events = this.#book.apply(report, nowMs, Math.random);
    const snapshot = this.#book.snapshot(
      report.watched.map(({ endpointId }) => endpointId),
      nowMs,
    );
    this.#keep(provider, events);
    return snapshot;
  }

  /** Whether an endpoint is not closed; for the prober. */
  isUnwell(provider: string): boolean {
    this.#keep(provider, this.#book.tick(Date.now()));
    return this.#book.unwell().length > 0;
  }

  /** The provider answered a call that no client made. */
  noteReachable(provider: string): void {
    this.#book.reachable(Date.now());
    this.#keep(provider, []);
  }

  view(provider: string): ProviderHealthView {
    const nowMs = Date.now();
    this.#keep(provider, this.#book.tick(nowMs));
    return healthView(provider, this.#book, nowMs);
  }

  reset(provider: string, endpointId: string): ProviderHealthView {
    const nowMs = Date.now();
    this.#keep(provider, this.#book.reset(endpointId, nowMs));
    return healthView(provider, this.#book, nowMs);
  }

  #keep(provider: string, events: ReturnType<HealthBook["tick"]>): void {
    const stored = this.#book.stored();
    const text = JSON.stringify(stored);
    if (text !== this.#stored) this.ctx.storage.kv.put(STORED_AS, stored);
    this.#stored = text;
    this.#untold = [...this.#untold, ...noticesOf(provider, events)].slice(-MAX_UNTOLD);
    if (this.#untold.length > 0) this.ctx.waitUntil(this.#tell());
  }

  /** What the queue does not take waits for the next report; a notice's id makes a repeat harmless. */
  async #tell(): Promise<void> {
    const notices = this.#untold;
    this.#untold = [];
    try {
      await this.env.NOTICES.sendBatch(notices.map((body) => ({ body })));
    } catch (error) {
      this.#untold = [...notices, ...this.#untold].slice(-MAX_UNTOLD);
      loggerOf(this.env).warn("notices_not_sent", defectFields(error));
    }
  }
}
