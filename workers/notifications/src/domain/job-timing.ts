/** An attempt that dies leaves its job due again after this. */
export const ATTEMPT_LEASE_MS = 60_000;

/** A queue's delay may end a little early. */
const EARLY_MS = 1_000;

/** Seconds that a job came too early, null when it is due: a second job for the same row waits for the first. */
export function secondsTooEarly(nextAttemptAtMs: number | null, nowMs: number): number | null {
  const wait = (nextAttemptAtMs ?? nowMs) - nowMs;
  return wait > EARLY_MS ? Math.ceil(wait / 1_000) : null;
}
