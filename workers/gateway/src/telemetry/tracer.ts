import { once } from "@aggregator/runtime/parse-config";
import { createTracer, isTraceKept, type OpenSpan, type Tracer } from "@aggregator/runtime/tracer";
import { formatTraceparent, parseTraceparent } from "@aggregator/runtime/traceparent";
import { configOf, type Env } from "../env.ts";
import { meterOf } from "./meter.ts";

export interface GatewayTracer extends Tracer {
  /** Whether a trace that the caller samples is among the share that we keep; decided here for every Worker behind. */
  beginRequest(traceparent: string, startMs: number): { readonly span: OpenSpan | null; readonly traceparent: string };
}

/** The isolate's tracer; null without OTLP_ENDPOINT, and then a request pays one comparison for it. */
export const tracerOf: (env: Env) => GatewayTracer | null = once((env: Env) => {
  const config = configOf(env);
  if (config.OTLP_ENDPOINT === null) return null;
  const tracer = createTracer({
    worker: "gateway",
    endpoint: config.OTLP_ENDPOINT,
    headers: config.OTLP_HEADERS,
    intervalMs: config.OTLP_INTERVAL_MS,
    timeoutMs: config.OTLP_TIMEOUT_MS,
    onDropped: (count) => meterOf(env)?.count("aggregator_telemetry_dropped_total", { worker: "gateway" }, count),
  });
  return {
    ...tracer,
    beginRequest(traceparent, startMs) {
      const parent = parseTraceparent(traceparent);
      const isKept = parent.isSampled && isTraceKept(parent.traceId, config.TRACE_SAMPLE_RATE);
      const decided = formatTraceparent({ ...parent, isSampled: isKept });
      const span = tracer.begin(decided, startMs);
      return { span, traceparent: span?.traceparent ?? decided };
    },
  };
});
