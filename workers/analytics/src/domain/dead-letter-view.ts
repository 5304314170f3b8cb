import type { DeadLetterView } from "@aggregator/contracts/analytics";
import type { StoredDeadLetter } from "../db/dead-letters.ts";

/** A dead letter as operators see it. */
export function deadLetterView(letter: StoredDeadLetter): DeadLetterView {
  return {
    id: letter.id,
    queue: letter.queue,
    reason: letter.reason,
    attempts: letter.attempts,
    body: letter.body,
    is_truncated: letter.isTruncated,
    received_at: new Date(letter.receivedAtMs).toISOString(),
    replayed_at: letter.replayedAtMs === null ? null : new Date(letter.replayedAtMs).toISOString(),
  };
}
