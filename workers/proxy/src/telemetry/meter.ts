import { createMeter, type Meter } from "@aggregator/runtime/meter";
import { once } from "@aggregator/runtime/parse-config";
import { bufferBudget } from "../health/buffer-budget.ts";
import { configOf, type Env } from "../env.ts";

/** The isolate's meter; null without the queue `metrics`, and then nothing is counted. */
export const meterOf: (env: Env) => Meter | null = once((env: Env) => {
  const { METRICS: queue } = env;
  if (queue === undefined) return null;
  return createMeter({
    worker: "proxy",
    intervalMs: configOf(env).metricsIntervalMs,
    readGauges: () => [{ name: "aggregator_buffered_bytes", labels: {}, value: bufferBudget.bytes }],
    send: (message) => queue.send(message),
  });
});
