import { type Answer, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { deleteExpiredTokens } from "../db/one-time-tokens.ts";
import { deletePastSessions } from "../db/own-sessions.ts";

/** Hourly: sessions that could not last until now, however often refreshed, and links that nobody used. */
export async function forgetEnded(call: Call): Answer<void> {
  await call.db.batch([deletePastSessions(call.db, call.nowMs), deleteExpiredTokens(call.db, call.nowMs)]);
  return ok();
}
