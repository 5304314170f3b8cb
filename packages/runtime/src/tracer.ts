import { otlpTraces, type Span } from "./span.ts";
import { formatTraceparent, newSpanId, parseTraceparent } from "./traceparent.ts";

/** Spans that wait in memory; beyond them the oldest are given up, since a sink that is down must not cost memory. */
const MAX_WAITING = 2_048;
const MAX_PER_EXPORT = 512;

/** A span that has begun, and what its children need to know of it. */
export interface OpenSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly startMs: number;
  /** For whoever is called on its behalf. */
  readonly traceparent: string;
}

/** Records spans and exports them off the path. Recording never waits and never throws. */
export interface Tracer {
  /** A span under the caller's; null when the caller's trace is not sampled. */
  begin(traceparent: string, startMs: number): OpenSpan | null;
  record(span: Span): void;
  /** An export that waits for its time, to hand to `ctx.waitUntil`; null while another one waits. */
  exportLater(nowMs: number): Promise<void> | null;
}

export interface TracerOptions {
  readonly worker: string;
  /** OTLP/HTTP base, such as `https://collector.example`; `/v1/traces` is added. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** How many spans were given up, each time some are. */
  readonly onDropped: (count: number) => void;
}

/** The tracer of an isolate. */
export function createTracer(options: TracerOptions): Tracer {
  const { worker, endpoint, headers, intervalMs, timeoutMs, onDropped } = options;
  const url = `${endpoint.replace(/\/$/, "")}/v1/traces`;
  let waiting: Span[] = [];
  /** An export is on its way until then; one whose invocation was ended is not waited for for ever. */
  let busyUntilMs = 0;

  /** `refused`: a collector that calls the spans wrong will not take them the next time either. */
  async function post(spans: readonly Span[]): Promise<"taken" | "refused" | "unreachable"> {
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: otlpTraces(worker, spans),
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await answer.body?.cancel();
      if (answer.ok) return "taken";
      return answer.status >= 500 || answer.status === 429 ? "unreachable" : "refused";
    } catch {
      return "unreachable";
    }
  }

  async function exportNow(): Promise<void> {
    const spans = waiting.splice(0, MAX_PER_EXPORT);
    const outcome = await post(spans);
    if (outcome === "unreachable") keep([...spans, ...waiting]);
    if (outcome === "refused") onDropped(spans.length);
    busyUntilMs = 0;
  }

  function keep(spans: Span[]): void {
    const excess = spans.length - MAX_WAITING;
    waiting = excess > 0 ? spans.slice(excess) : spans;
    if (excess > 0) onDropped(excess);
  }

  return {
    begin(traceparent, startMs) {
      const parent = parseTraceparent(traceparent);
      if (!parent.isSampled) return null;
      const spanId = newSpanId();
      const { traceId } = parent;
      const own = formatTraceparent({ traceId, spanId, isSampled: true });
      return { traceId, spanId, parentSpanId: parent.spanId, startMs, traceparent: own };
    },
    record(span) {
      if (waiting.length < MAX_WAITING) waiting.push(span);
      else onDropped(1);
    },
    exportLater(nowMs) {
      if (waiting.length === 0 || nowMs < busyUntilMs) return null;
      busyUntilMs = nowMs + 2 * intervalMs + timeoutMs;
      return new Promise<void>((resolve) => setTimeout(resolve, intervalMs)).then(exportNow);
    },
  };
}

/** Whether a trace is among the share (0–1) that is kept. Its id decides, so that all who see it agree. */
export function isTraceKept(traceId: string, share: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) < share * 0x1_0000_0000;
}
