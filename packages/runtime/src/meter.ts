import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  METRICS,
  METRICS_MESSAGE_VERSION,
  type MetricsMessage,
} from "@aggregator/contracts/metrics";
import { newId } from "./new-id.ts";
import { withDeadline } from "./with-deadline.ts";

/** More label sets than this in one push are a mistake (an id used as a label): the rest is dropped. */
const MAX_SERIES = 500;

export type MetricLabels = Readonly<Record<string, string>>;

export interface GaugeReading {
  readonly name: GaugeName;
  readonly labels: MetricLabels;
  readonly value: number;
}

/**
 * Counts in memory and now and then pushes the differences. Counting costs a map lookup, never waits
 * and never throws; a push that fails is tried again.
 */
export interface Meter {
  /** Adds to a counter. `labels` are few and closed: no ids, no text from a client. */
  count(name: CounterName, labels: MetricLabels, increase?: number): void;
  /** Adds one measurement, in the unit of the name. */
  observe(name: HistogramName, labels: MetricLabels, value: number): void;
  /** The push that is due, to hand to `ctx.waitUntil`; null when none is. */
  pushIfDue(nowMs: number): Promise<void> | null;
  /** A push, due or not; null while another one is on its way. */
  pushNow(nowMs: number): Promise<void> | null;
  /**
   * A push that waits for its time, to hand to `ctx.waitUntil`; null while another one waits. So what is
   * counted is pushed within the interval, also when no request follows.
   */
  pushLater(nowMs: number): Promise<void> | null;
}

export interface MeterOptions {
  readonly worker: string;
  /** At most 25,000: the platform ends what a request left behind after 30 s. */
  readonly intervalMs: number;
  readonly send: (message: MetricsMessage) => Promise<unknown>;
  /** What the isolate sees at the time of a push. */
  readonly readGauges?: (nowMs: number) => readonly GaugeReading[];
  readonly isolateId?: () => string;
}

interface Series {
  readonly name: string;
  readonly labels: MetricLabels;
  increase: number;
}

/** The meter of an isolate. */
export function createMeter(options: MeterOptions): Meter {
  const { worker, intervalMs, send, readGauges = () => [], isolateId = newId } = options;
  const series = new Map<string, Series>();
  let isolate: string | null = null;
  let sequence = 0;
  let pushedAtMs: number | null = null;
  /** Sent again as it is until the queue has it: the same sequence adds nothing twice. */
  let unsent: MetricsMessage | null = null;
  /** A push is on its way until then. One whose invocation was ended before its time is not waited for for ever. */
  let busyUntilMs = 0;

  function compose(nowMs: number): MetricsMessage {
    const counts = [...series.values()];
    series.clear();
    sequence += 1;
    isolate ??= isolateId();
    const gauges = readGauges(nowMs).map((gauge) => ({ ...gauge }));
    return {
      version: METRICS_MESSAGE_VERSION,
      worker,
      isolate_id: isolate,
      sequence,
      at_ms: nowMs,
      counts,
      gauges,
    };
  }

  async function deliver(): Promise<void> {
    if (unsent === null) return;
    await withDeadline(send(unsent), intervalMs);
    unsent = null;
  }

  async function push(nowMs: number): Promise<void> {
    pushedAtMs = nowMs;
    busyUntilMs = nowMs + 2 * intervalMs;
    try {
      await deliver();
      unsent = compose(nowMs);
      await deliver();
    } catch {
      // The queue is away: the next push tries again.
    }
    busyUntilMs = 0;
  }

  function add(name: string, labels: MetricLabels, increase: number): void {
    const key = keyOf(name, labels);
    const known = series.get(key);
    if (known !== undefined) known.increase += increase;
    else if (series.size < MAX_SERIES) series.set(key, { name, labels, increase });
  }

  return {
    count: (name, labels, increase = 1) => add(name, labels, increase),
    observe(name, labels, value) {
      add(`${name}_bucket`, { ...labels, le: boundOf(METRICS[name].bounds, value) }, 1);
      add(`${name}_sum`, labels, value);
    },
    pushIfDue(nowMs) {
      pushedAtMs ??= nowMs;
      if (nowMs < busyUntilMs || nowMs - pushedAtMs < intervalMs) return null;
      return series.size > 0 || unsent !== null || readGauges(nowMs).length > 0 ? push(nowMs) : null;
    },
    pushNow: (nowMs) => (nowMs < busyUntilMs ? null : push(nowMs)),
    pushLater(nowMs) {
      if (series.size === 0 || nowMs < busyUntilMs) return null;
      busyUntilMs = nowMs + 2 * intervalMs;
      return pause(intervalMs).then(() => push(nowMs + intervalMs));
    },
  };
}

function keyOf(name: string, labels: MetricLabels): string {
  let key = name;
  for (const label in labels) key += `\n${label}=${labels[label] ?? ""}`;
  return key;
}

/** The bucket's bound as Prometheus writes it. */
function boundOf(bounds: readonly number[], value: number): string {
  const bound = bounds.find((upper) => value <= upper);
  return bound === undefined ? "+Inf" : String(bound);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
