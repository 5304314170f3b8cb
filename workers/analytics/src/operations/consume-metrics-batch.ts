import { MetricsMessage } from "@aggregator/contracts/metrics";
import { defectFields } from "@aggregator/runtime/log";
import { storeMetrics } from "../db/store-metrics.ts";
import { reasonOf } from "../domain/dead-letter.ts";
import { retryDelaySeconds } from "../domain/retry-delay.ts";
import type { ConsumerDependencies } from "./consume-usage-batch.ts";

/**
 * Adds up a batch of the queue `metrics`. What cannot be read is said at error level and dropped: a
 * lost difference is a dent in a curve, not money. The rest is acknowledged once it is stored and
 * retried while the database is away. Never throws.
 */
export async function consumeMetricsBatch(
  batch: MessageBatch,
  { db, log, nowMs }: ConsumerDependencies,
): Promise<void> {
  const known: { readonly message: Message; readonly metrics: MetricsMessage }[] = [];
  for (const message of batch.messages) {
    const parsed = MetricsMessage.safeParse(message.body);
    if (parsed.success) known.push({ message, metrics: parsed.data });
    else {
      log.error("metrics_message_rejected", { queue: batch.queue, reason: reasonOf(parsed.error) });
      message.ack();
    }
  }
  try {
    await storeMetrics(
      db,
      known.map(({ metrics }) => metrics),
      nowMs,
    );
    for (const { message } of known) message.ack();
  } catch (error) {
    log.warn("metrics_batch_not_stored", { queue: batch.queue, count: known.length, ...defectFields(error) });
    for (const { message } of known) message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
  }
}
