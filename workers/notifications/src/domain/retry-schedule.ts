/**
 * Seconds between attempts, over a day: 5 s, 5 min, 30 min, 2 h, 5 h, 7 h, and the rest of 24 h. As
 * Standard Webhooks recommends: quick first, then ever slower.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
const RETRY_DELAYS_SECONDS = [5, 300, 1_800, 7_200, 18_000, 25_200, 33_895] as const;

/** Seconds until the attempt after the `attempts`th; null when that was the last. */
export function secondsToNextAttempt(attempts: number): number | null {
  return RETRY_DELAYS_SECONDS[attempts - 1] ?? null;
}
