import { UsageMessage } from "@aggregator/contracts/usage-events";
import { defectFields, type Logger } from "@aggregator/runtime/log";
import type { Database } from "../db/client.ts";
import { insertDeadLetter } from "../db/dead-letters.ts";
import { upsertCells } from "../db/upsert-cells.ts";
import { deadLetterOf, reasonOf } from "../domain/dead-letter.ts";
import { latestCells } from "../domain/latest-cells.ts";
import { retryDelaySeconds } from "../domain/retry-delay.ts";

export interface ConsumerDependencies {
  readonly db: Database;
  readonly log: Logger;
  readonly nowMs: number;
}

/** A message of the batch that has the shape and the version that we know. */
interface Delivery {
  readonly message: Message;
  readonly usage: UsageMessage;
}

/**
 * Counts a batch of usage messages. Each message is acknowledged once its cells are stored or once it
 * is kept as a dead letter with its reason, and retried later when the database does not take it.
 * Any message may come again, in any order, at any time. Never throws for what a message says.
 */
export async function consumeUsageBatch(batch: MessageBatch, dependencies: ConsumerDependencies): Promise<void> {
  const deliveries: Delivery[] = [];
  for (const message of batch.messages) {
    const parsed = UsageMessage.safeParse(message.body);
    if (parsed.success) deliveries.push({ message, usage: parsed.data });
    else await bury(message, batch.queue, reasonOf(parsed.error), dependencies);
  }
  if (await store(deliveries, dependencies)) return;
  // One refused message must not take its neighbours to the dead letters with it.
  for (const delivery of deliveries) {
    const stored = deliveries.length > 1 && (await store([delivery], dependencies));
    if (!stored) delivery.message.retry({ delaySeconds: retryDelaySeconds(delivery.message.attempts) });
  }
}

async function store(deliveries: readonly Delivery[], { db, log, nowMs }: ConsumerDependencies): Promise<boolean> {
  try {
    await upsertCells(db, latestCells(deliveries.map((delivery) => delivery.usage)), nowMs);
  } catch (error) {
    log.warn("usage_batch_not_stored", { count: deliveries.length, ...defectFields(error) });
    return false;
  }
  for (const delivery of deliveries) delivery.message.ack();
  return true;
}

async function bury(
  message: Message,
  queue: string,
  reason: string,
  { db, log, nowMs }: ConsumerDependencies,
): Promise<void> {
  try {
    await insertDeadLetter(db, deadLetterOf(message, queue, reason, nowMs));
    message.ack();
    log.error("usage_message_rejected", { queue, reason });
  } catch (error) {
    message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
    log.error("dead_letter_not_stored", { queue, reason, ...defectFields(error) });
  }
}
