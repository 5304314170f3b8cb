import { insertDeadLetter } from "../db/dead-letters.ts";
import type { Dependencies } from "../dependencies.ts";
import { summaryOf } from "../domain/dead-letter.ts";

/** Keeps what can be kept of a message that will not be handled, and says so at error level. */
export async function buryMessage(
  { db, log, now }: Dependencies,
  message: Message,
  queue: string,
  reason: string,
): Promise<void> {
  await insertDeadLetter(db, {
    id: message.id,
    queue,
    reason,
    summary: summaryOf(message.body),
    attempts: message.attempts,
    receivedAtMs: now(),
  });
  log.error("notice_rejected", { queue, reason });
}
