import { NoticeMessage } from "@aggregator/contracts/notices";
import { defectFields } from "@aggregator/runtime/log";
import { upsertContact } from "../db/contacts.ts";
import type { Dependencies } from "../dependencies.ts";
import { reasonOf } from "../domain/dead-letter.ts";
import { buryMessage } from "./bury-message.ts";
import { recordNotice } from "./record-notice.ts";

const BASE_RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 3_600;

/**
 * Takes a batch of the queue `notices`. Each message is acknowledged once it is stored and queued, or
 * kept as a dead letter with its reason; otherwise it is retried. Messages may repeat and be reordered.
 */
export async function consumeNotices(batch: MessageBatch, dependencies: Dependencies): Promise<void> {
  for (const message of batch.messages) {
    const parsed = NoticeMessage.safeParse(message.body);
    try {
      if (!parsed.success) await buryMessage(dependencies, message, batch.queue, reasonOf(parsed.error));
      else if (parsed.data.type === "contact") await upsertContact(dependencies.db, parsed.data);
      else await recordNotice(dependencies, parsed.data);
      message.ack();
    } catch (error) {
      dependencies.log.warn("notice_not_stored", { queue: batch.queue, ...defectFields(error) });
      message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
    }
  }
}

/** Keeps messages of `notices-dead`, whose retries ran out. */
export async function consumeDeadNotices(batch: MessageBatch, dependencies: Dependencies): Promise<void> {
  for (const message of batch.messages) {
    try {
      await buryMessage(dependencies, message, batch.queue, "retries exhausted");
      message.ack();
    } catch (error) {
      dependencies.log.error("dead_letter_not_stored", { queue: batch.queue, ...defectFields(error) });
      message.retry({ delaySeconds: retryDelaySeconds(message.attempts) });
    }
  }
}

function retryDelaySeconds(attempts: number): number {
  return Math.min(MAX_RETRY_SECONDS, BASE_RETRY_SECONDS * 2 ** Math.min(Math.max(0, attempts - 1), 20));
}
