const DAY_MS = 86_400_000;
/** A session that nobody refreshes for 30 days ends; any ends after 90, however often refreshed. */
export const SESSION_IDLE_MS = 30 * DAY_MS;
export const SESSION_MAX_MS = 90 * DAY_MS;

interface SessionTimes {
  readonly endedAtMs: number | null;
  readonly idleEndsAtMs: number;
  readonly endsAtMs: number;
}

/** Whether a session lasts. */
export function isSessionInForce(session: SessionTimes, nowMs: number): boolean {
  return session.endedAtMs === null && session.idleEndsAtMs > nowMs && session.endsAtMs > nowMs;
}
