import { METRICS_MESSAGE_VERSION, type MetricsMessage } from "@aggregator/contracts/metrics";
import { newId } from "./new-id.ts";

/** More label sets than this in one flush are a mistake (an id used as a label): the rest is dropped. */
const MAX_SERIES = 500;

export type MetricLabels = Readonly<Record<string, string>>;

/**
 * Counts in memory and now and then pushes the differences to a queue. Counting costs a map lookup,
 * never waits and never throws; a push that fails is added to the next one.
 */
export interface Meter {
  /** Adds to a counter. `labels` are few and closed: no ids, no text from a client. */
  count(name: string, labels: MetricLabels, increase?: number): void;
  /** The push that is due, to hand to `ctx.waitUntil`; null when none is. */
  pushIfDue(nowMs: number): Promise<void> | null;
}

export interface MeterOptions {
  readonly worker: string;
  readonly intervalMs: number;
  readonly send: (message: MetricsMessage) => Promise<unknown>;
  readonly isolateId?: () => string;
}

/** The meter of an isolate. */
export function createMeter({ worker, intervalMs, send, isolateId = newId }: MeterOptions): Meter {
  const series = new Map<string, { readonly name: string; readonly labels: MetricLabels; increase: number }>();
  let isolate: string | null = null;
  let sequence = 0;
  let pushedAtMs: number | null = null;
  let isPushing = false;

  async function push(): Promise<void> {
    isPushing = true;
    const counts = [...series.values()];
    series.clear();
    sequence += 1;
    isolate ??= isolateId();
    try {
      await send({ version: METRICS_MESSAGE_VERSION, worker, isolate_id: isolate, sequence, counts });
    } catch {
      for (const { name, labels, increase } of counts) meter.count(name, labels, increase);
    } finally {
      isPushing = false;
    }
  }

  const meter: Meter = {
    count(name, labels, increase = 1) {
      const key = JSON.stringify([name, labels]);
      const known = series.get(key);
      if (known !== undefined) known.increase += increase;
      else if (series.size < MAX_SERIES) series.set(key, { name, labels, increase });
    },
    pushIfDue(nowMs) {
      pushedAtMs ??= nowMs;
      if (isPushing || series.size === 0 || nowMs - pushedAtMs < intervalMs) return null;
      pushedAtMs = nowMs;
      return push();
    },
  };
  return meter;
}
