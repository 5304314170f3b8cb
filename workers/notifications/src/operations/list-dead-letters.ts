import type { Actor } from "@aggregator/contracts/actor";
import type { NoticeDeadLetterView } from "@aggregator/contracts/notifications";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { decodeCursor, encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { z } from "zod";
import { type DeadLetter, selectDeadLetters } from "../db/dead-letters.ts";
import type { Dependencies } from "../dependencies.ts";

const Position = z.tuple([z.number().int(), z.string().max(256)]);

/** Messages that could not be handled, newest first, by their shape. Operators only. Errors: `permission_denied`, `invalid_request`. */
export async function listDeadLetters(
  { db }: Dependencies,
  actor: Actor,
  input: unknown,
): Promise<Result<Page<NoticeDeadLetterView>>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const query = parseInput(PageQuery, input);
  if (!query.ok) return query;
  const { limit, cursor } = query.value;
  const position = Position.safeParse(cursor === undefined ? undefined : decodeCursor(cursor));
  if (cursor !== undefined && !position.success) {
    return err("invalid_request", "cursor: is not a cursor of this list", { param: "cursor" });
  }
  const after = position.success ? { receivedAtMs: position.data[0], id: position.data[1] } : null;
  const letters = await selectDeadLetters(db, after, limit + 1);
  const page = letters.slice(0, limit);
  const last = letters.length > limit ? page.at(-1) : undefined;
  return ok({
    data: page.map(deadLetterView),
    nextCursor: last === undefined ? null : encodeCursor([last.receivedAtMs, last.id]),
  });
}

/** A dead letter as operators see it. */
export function deadLetterView(letter: DeadLetter): NoticeDeadLetterView {
  return {
    id: letter.id,
    queue: letter.queue,
    reason: letter.reason,
    attempts: letter.attempts,
    shape: letter.summary,
    received_at: new Date(letter.receivedAtMs).toISOString(),
    replayed_at: letter.replayedAtMs === null ? null : new Date(letter.replayedAtMs).toISOString(),
  };
}
