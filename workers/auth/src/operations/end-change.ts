import type { ChangeOutcome } from "@aggregator/contracts/audit";
import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { deletePendingChange, enterChange, enterLostChanges } from "../db/pending-changes.ts";

/** No request lasts so long: its outcome will not be told any more. */
const LOST_AFTER_MS = 10 * 60_000;

/** Enters in the log what came of a change, or forgets one that was not made. A repeat changes nothing. */
export async function endChange(call: Call, id: string, outcome: ChangeOutcome): Answer<void> {
  if (outcome === null) await deletePendingChange(call.db, id);
  else await call.db.batch(enterChange(call.db, id, outcome));
  return ok();
}

/** Hourly: changes that were begun and of which nobody told the end go in the log as such. */
export async function endLostChanges(call: Call): Answer<void> {
  await call.db.batch(enterLostChanges(call.db, call.nowMs - LOST_AFTER_MS));
  return ok();
}
