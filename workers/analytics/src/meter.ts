import type { GaugeReading, Meter } from "@aggregator/runtime/meter";
import { createMeter } from "@aggregator/runtime/meter";
import { once } from "@aggregator/runtime/parse-config";
import { openDatabase } from "./db/client.ts";
import { storeMetrics } from "./db/store-metrics.ts";
import { configOf, type Env } from "./env.ts";

export interface ConsumerMeter {
  /** Notes a batch; what is due is written in passing, at most once per interval and never awaited by the consumer. */
  noteBatch(batch: MessageBatch, nowMs: number): Promise<void> | null;
}

/** What this isolate's consumers were given. Written straight to the database: this is where metrics are added up. */
export const meterOf: (env: Env) => ConsumerMeter = once((env: Env) => {
  const queues = new Map<string, readonly GaugeReading[]>();
  const meter: Meter = createMeter({
    worker: "analytics",
    intervalMs: configOf(env).METRICS_INTERVAL_MS,
    send: (message) => storeMetrics(openDatabase(env.DB), [message], Date.now()),
    readGauges: () => [...queues.values()].flat(),
  });
  return {
    noteBatch(batch, nowMs) {
      const labels = { queue: batch.queue };
      const oldestMs = Math.min(...batch.messages.map(({ timestamp }) => timestamp.getTime()));
      queues.set(batch.queue, [
        { name: "aggregator_queue_lag_seconds", labels, value: Math.max(0, (nowMs - oldestMs) / 1_000) },
        { name: "aggregator_queue_backlog_messages", labels, value: batch.metadata.metrics.backlogCount },
      ]);
      meter.count("aggregator_queue_messages_total", labels, batch.messages.length);
      return meter.pushLater(nowMs);
    },
  };
});
