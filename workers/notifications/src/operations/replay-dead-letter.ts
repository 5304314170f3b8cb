import type { Actor } from "@aggregator/contracts/actor";
import { NoticeMessage } from "@aggregator/contracts/notices";
import type { NoticeDeadLetterView } from "@aggregator/contracts/notifications";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { upsertContact } from "../db/contacts.ts";
import { type DeadLetter, findDeadLetter, markReplayed } from "../db/dead-letters.ts";
import type { Dependencies } from "../dependencies.ts";
import { reasonOf } from "../domain/dead-letter.ts";
import { DeliveryJob } from "../domain/delivery-job.ts";
import { bodyBinding } from "./bury-message.ts";
import { deadLetterView } from "./list-dead-letters.ts";
import { recordNotice } from "./record-notice.ts";
import { sendJobs } from "./send-jobs.ts";

/**
 * Handles a dead letter's message as its consumer would now: after the database is back, or after a
 * version that understands it was deployed. Repeating it tells nobody twice. Operators only. Errors:
 * `permission_denied`, `not_found`, `conflict` when the message still cannot be handled.
 */
export async function replayDeadLetter(
  dependencies: Dependencies,
  actor: Actor,
  id: string,
): Promise<Result<NoticeDeadLetterView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const letter = await findDeadLetter(dependencies.db, id);
  if (letter === undefined) return err("not_found", "There is no such dead letter.");
  if (letter.replayedAtMs !== null) return ok(deadLetterView(letter));
  const handled = await handle(dependencies, letter);
  if (!handled.ok) return handled;
  const replayedAtMs = dependencies.now();
  await markReplayed(dependencies.db, id, replayedAtMs);
  return ok(deadLetterView({ ...letter, replayedAtMs }));
}

async function handle(dependencies: Dependencies, { id, queue, sealedBody }: DeadLetter): Promise<Result<void>> {
  if (sealedBody === null) return err("conflict", "The message was not kept.");
  const box = await dependencies.secrets();
  const body: unknown = JSON.parse(await box.open(sealedBody, bodyBinding(id)));
  if (queue === "deliveries") {
    const job = DeliveryJob.safeParse(body);
    if (!job.success) return err("conflict", `The message still cannot be handled: ${reasonOf(job.error)}`);
    await sendJobs(dependencies, [job.data]);
    return ok();
  }
  const message = NoticeMessage.safeParse(body);
  if (!message.success) return err("conflict", `The message still cannot be handled: ${reasonOf(message.error)}`);
  if (message.data.type === "contact") await upsertContact(dependencies.db, message.data);
  else await recordNotice(dependencies, message.data);
  return ok();
}
