/** What a payment earns its referrer: rounded down, as every reward. */
export function grossCommission(baseNanoUsd: number, bps: number): number {
  return Number((BigInt(baseNanoUsd) * BigInt(bps)) / 10_000n);
}

/** What is left of a commission when part of its payment was taken back: the taken part is rounded up. */
export function netCommission(grossNanoUsd: number, takenMinor: number, paidMinor: number): number {
  if (paidMinor === 0 || takenMinor >= paidMinor) return 0;
  const paid = BigInt(paidMinor);
  const taken = (BigInt(grossNanoUsd) * BigInt(takenMinor) + paid - 1n) / paid;
  return grossNanoUsd - Number(taken);
}

/** The same day `months` later (UTC), or the last of a shorter month. */
export function addMonths(atMs: number, months: number): number {
  const at = new Date(atMs);
  const target = new Date(atMs);
  target.setUTCDate(1);
  target.setUTCMonth(target.getUTCMonth() + months);
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  target.setUTCDate(Math.min(at.getUTCDate(), last));
  return target.getTime();
}
