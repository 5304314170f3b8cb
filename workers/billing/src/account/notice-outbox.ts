import type { NoticeMessage } from "@aggregator/contracts/notices";
import type { Engine } from "./engine.ts";
import { ownJson } from "./load-book.ts";

const BATCH = 20;

/**
 * Sends the notices that the account has written down, at most BATCH at a time. Sent first and forgotten
 * afterwards: a crash in between sends one again under the same id, and notifications tells it once.
 * Throws when the queue refuses; nothing is then forgotten.
 */
export async function sendNotices(engine: Engine, queue: Pick<Queue<NoticeMessage>, "send">): Promise<void> {
  const waiting = engine.run(({ book, sql }) =>
    book.hasNotices
      ? sql.all<{ id: string; body: string }>(`SELECT id, body FROM notice ORDER BY id LIMIT ${BATCH}`)
      : [],
  );
  if (waiting.length === 0) return;
  for (const { body } of waiting) await queue.send(ownJson<NoticeMessage>(body));
  engine.run(({ book, sql }) => {
    for (const { id } of waiting) sql.run("DELETE FROM notice WHERE id = ?", id);
    book.hasNotices = sql.first("SELECT 1 AS one FROM notice LIMIT 1") !== undefined;
  });
}
