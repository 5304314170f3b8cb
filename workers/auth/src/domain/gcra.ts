/**
 * Generic cell rate algorithm: `limit` per minute with a burst of `limit`, from one stored number, the
 * theoretical arrival time. Returns the new one, or how long to wait. https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export function takeAttempt(
  arrivalMs: number | null,
  limitPerMinute: number,
  nowMs: number,
): { readonly arrivalMs: number } | { readonly waitMs: number } {
  const intervalMs = MINUTE_MS / limitPerMinute;
  const next = Math.max(arrivalMs ?? 0, nowMs) + intervalMs;
  const waitMs = next - nowMs - MINUTE_MS;
  return waitMs > 0 ? { waitMs } : { arrivalMs: next };
}

const MINUTE_MS = 60_000;
