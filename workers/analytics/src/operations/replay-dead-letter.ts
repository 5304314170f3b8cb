import type { Actor } from "@aggregator/contracts/actor";
import type { DeadLetterView } from "@aggregator/contracts/analytics";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { UsageMessage } from "@aggregator/contracts/usage-events";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Database } from "../db/client.ts";
import { findDeadLetter, markReplayed } from "../db/dead-letters.ts";
import { upsertCells } from "../db/upsert-cells.ts";
import { deadLetterView } from "../domain/dead-letter-view.ts";
import { parseDeadBody, reasonOf } from "../domain/dead-letter.ts";
import { latestCells } from "../domain/latest-cells.ts";

/**
 * Counts a dead letter's message as the consumer would now: after the database is back, or after a
 * version that understands it was deployed. Repeating it changes nothing. Operators only. Errors:
 * `permission_denied`, `not_found`, `conflict` when the message still cannot be counted.
 */
export async function replayDeadLetter(
  db: Database,
  actor: Actor,
  id: string,
  nowMs: number,
): Promise<Result<DeadLetterView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const letter = await findDeadLetter(db, id);
  if (letter === undefined) return err("not_found", "There is no such dead letter.");
  const message = UsageMessage.safeParse(parseDeadBody(letter.body));
  if (!message.success) return err("conflict", `The message still cannot be counted: ${reasonOf(message.error)}`);
  await upsertCells(db, latestCells([message.data]), nowMs);
  await markReplayed(db, id, nowMs);
  return ok(deadLetterView({ ...letter, replayedAtMs: nowMs }));
}
