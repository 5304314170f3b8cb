import { LATENCY_BUCKETS_MS } from "@aggregator/contracts/usage-events";

/**
 * The value below which `share` (0–1) of the measurements lie, in whole ms: linear within its bucket,
 * the last bound for what lies beyond it, null without measurements.
 */
export function percentileMs(histogram: readonly number[], share: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = share * total;
  let below = 0;
  for (const [bucket, count] of histogram.entries()) {
    if (count > 0 && below + count >= rank) {
      const lower = bucket === 0 ? 0 : (LATENCY_BUCKETS_MS[bucket - 1] ?? 0);
      const upper = LATENCY_BUCKETS_MS[bucket] ?? lower;
      return Math.round(lower + ((upper - lower) * (rank - below)) / count);
    }
    below += count;
  }
  return LATENCY_BUCKETS_MS.at(-1) ?? null;
}
