import { insertDeadLetter } from "../db/dead-letters.ts";
import type { Dependencies } from "../dependencies.ts";
import { summaryOf } from "../domain/dead-letter.ts";

/** Keeps a message that will not be handled, sealed, for inspection of its shape and for replay, and says so at error level. */
export async function buryMessage(
  { db, log, now, secrets }: Dependencies,
  message: Message,
  queue: string,
  reason: string,
): Promise<void> {
  const box = await secrets();
  await insertDeadLetter(db, {
    id: message.id,
    queue,
    reason,
    summary: summaryOf(message.body),
    attempts: message.attempts,
    receivedAtMs: now(),
    sealedBody: await box.seal(jsonOf(message.body), bodyBinding(message.id)),
    replayedAtMs: null,
  });
  log.error("notice_rejected", { queue, reason });
}

/** What the sealed body of a dead letter is bound to. */
export function bodyBinding(id: string): string {
  return `dead_letters/${id}`;
}

/** A queue carries structured clones, of which not all have a JSON form. */
function jsonOf(body: unknown): string {
  try {
    return JSON.stringify(body) ?? "null";
  } catch {
    return JSON.stringify(String(body));
  }
}
