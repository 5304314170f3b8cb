/** The lowest threshold that a balance is below; null when it is below none. */
export function levelOf(thresholds: readonly number[], balanceNanoUsd: number): number | null {
  const above = thresholds.filter((threshold) => balanceNanoUsd < threshold);
  return above.length === 0 ? null : Math.min(...above);
}

/**
 * Whether a balance has fallen below a threshold since somebody was told: the one to tell of now, the
 * lowest if it passed several, null when there is none. `told` is the level that is known already. A
 * balance that rises takes its thresholds back, so that the next fall is told again.
 */
export function crossedThreshold(told: number | null, level: number | null): number | null {
  if (level === null) return null;
  return told === null || level < told ? level : null;
}

const SHARES = [100, 80] as const;

/** The share of a budget, in percent, that is newly reached; null when nobody needs to hear anything. */
export function reachedShare(spentNanoUsd: number, budgetNanoUsd: number, toldPercent: number): number | null {
  if (budgetNanoUsd === 0) return null;
  const reached = SHARES.find((share) => BigInt(spentNanoUsd) * 100n >= BigInt(budgetNanoUsd) * BigInt(share));
  return reached !== undefined && reached > toldPercent ? reached : null;
}
