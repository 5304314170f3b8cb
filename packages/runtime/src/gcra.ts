const WINDOW_MS = 60_000;

export interface GcraDecision {
  readonly admitted: boolean;
  /** Theoretical arrival time to store: the next one when admitted, the same one brought into the window when refused. */
  readonly tatMs: number;
  /** Units still admitted at once: after this one when admitted, now when refused. */
  readonly remaining: number;
  /** Until the limit is whole again. */
  readonly resetMs: number;
  /** Until `cost` units would be admitted; 0 when admitted, Infinity when the cost exceeds the limit itself. */
  readonly retryAfterMs: number;
}

/**
 * One decision of the generic cell rate algorithm: `limit` units per minute with a burst of `limit`,
 * no window edge. Pure: the caller stores the `tatMs` of an admission only when the whole request is admitted. A stored
 * time that a stepped clock has put out of reach is brought back into the window, so a step of the
 * clock never blocks longer than a minute nor admits more than limit + burst.
 * Source: ITU-T I.371 GCRA, in its virtual-scheduling form.
 */
export function decideGcra(storedTatMs: number, nowMs: number, limit: number, cost: number): GcraDecision {
  const intervalMs = WINDOW_MS / limit;
  const tatMs = Math.min(Math.max(storedTatMs, nowMs), nowMs + WINDOW_MS);
  const nextTatMs = tatMs + cost * intervalMs;
  // Half a unit of slack absorbs floating-point drift of the interval.
  const admitted = nextTatMs - nowMs <= WINDOW_MS + intervalMs / 2 && cost <= limit;
  const effectiveMs = admitted ? nextTatMs : tatMs;
  return {
    admitted,
    tatMs: effectiveMs,
    remaining: Math.max(0, Math.floor((WINDOW_MS - (effectiveMs - nowMs)) / intervalMs + 0.5)),
    resetMs: Math.ceil(effectiveMs - nowMs),
    retryAfterMs: admitted ? 0 : cost > limit ? Infinity : Math.max(1, Math.ceil(nextTatMs - WINDOW_MS - nowMs)),
  };
}

/** Gives back (or takes) the difference between what was reserved and what was used. */
export function correctGcra(storedTatMs: number, limit: number, reservedUnits: number, usedUnits: number): number {
  return storedTatMs + ((usedUnits - reservedUnits) * WINDOW_MS) / limit;
}
