import { once } from "@aggregator/runtime/parse-config";
import { createTracer, type Tracer } from "@aggregator/runtime/tracer";
import { configOf, type Env } from "../env.ts";
import { meterOf } from "./meter.ts";

/** The isolate's tracer; null without OTLP_ENDPOINT, and then a request pays one comparison for it. */
export const tracerOf: (env: Env) => Tracer | null = once((env: Env) => {
  const { tracing } = configOf(env);
  if (tracing === null) return null;
  return createTracer({
    worker: "proxy",
    ...tracing,
    onDropped: (count) => meterOf(env)?.count("aggregator_telemetry_dropped_total", { worker: "proxy" }, count),
  });
});
