import { defectFields } from "@aggregator/runtime/log";
import { insertDeadLetter } from "../db/dead-letters.ts";
import { deadLetterOf } from "../domain/dead-letter.ts";
import { retryDelaySeconds } from "../domain/retry-delay.ts";
import type { ConsumerDependencies } from "./consume-usage-batch.ts";

/**
 * Keeps messages whose retries ran out, for inspection and replay, and says so at error level. A message
 * that cannot be kept is retried, so nothing is acknowledged unseen.
 */
export async function consumeDeadBatch(batch: MessageBatch, { db, log, nowMs }: ConsumerDependencies): Promise<void> {
  for (const message of batch.messages) {
    try {
      await insertDeadLetter(db, deadLetterOf(message, batch.queue, "retries exhausted", nowMs));
      message.ack();
      log.error("usage_message_dead", { queue: batch.queue, reason: "retries exhausted" });
    } catch (error) {
      message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
      log.error("dead_letter_not_stored", { queue: batch.queue, ...defectFields(error) });
    }
  }
}
