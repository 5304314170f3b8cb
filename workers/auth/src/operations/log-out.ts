import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import type { Call } from "../call.ts";
import { auditIfChanged } from "../db/audit.ts";
import { endSession } from "../db/sessions.ts";
import { readAccessToken } from "../tokens/access-token.ts";

/** Ends the session of an access token; its refresh tokens die with it. `invalid_request` for an API key, which has none. */
export async function logOut(call: Call, actor: Actor, credential: string): Answer<void> {
  if (actor.kind !== "member") return err("invalid_request", "An API key has no session; revoke the key instead.");
  const claims = await readAccessToken(call, credential);
  if (claims === null || claims.memberId !== actor.memberId) {
    return err("invalid_token", "The access token is not valid or its session has ended. Log in again.");
  }
  await call.db.batch([
    endSession(call.db, claims.sessionId, "logout", call.nowMs),
    auditIfChanged(call, {
      actor,
      action: "session.ended",
      targetId: claims.sessionId,
      after: { reason: "logout" },
    }),
  ]);
  return ok();
}
