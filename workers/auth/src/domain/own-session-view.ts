import type { OwnSessionView } from "@aggregator/contracts/identity";
import { err } from "@aggregator/contracts/result";
import type { OwnSession } from "../db/own-sessions.ts";

export const NO_SUCH_SESSION = err("not_found", "There is no such session.");

/** A session as its member sees it. */
export function ownSessionView(session: OwnSession, currentId: string): OwnSessionView {
  return {
    id: session.id,
    company: { id: session.companyId, name: session.companyName },
    method: session.method,
    ip: session.ip,
    is_current: session.id === currentId,
    created_at: new Date(session.createdAtMs).toISOString(),
    refreshed_at: new Date(session.refreshedAtMs).toISOString(),
    expires_at: new Date(Math.min(session.idleEndsAtMs, session.endsAtMs)).toISOString(),
  };
}
