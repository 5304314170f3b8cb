import type { UsageRowView } from "@aggregator/contracts/analytics";

export type Unit = "hour" | "day";
const UNIT_MS: Readonly<Record<Unit, number>> = { hour: 3_600_000, day: 86_400_000 };

export interface Bucket {
  /** When it begins. */
  readonly at: string;
  readonly requests: number;
  readonly errors: number;
  readonly costNanoUsd: number;
}

/** One bucket for each of the last `count` hours or days (UTC), the present one last; zero where nothing was used. */
export function bucketsOf(rows: readonly UsageRowView[], unit: Unit, count: number, nowMs: number): readonly Bucket[] {
  const byStart = new Map(rows.map((row) => [Date.parse(row.group[unit] ?? ""), row]));
  const last = Math.floor(nowMs / UNIT_MS[unit]) * UNIT_MS[unit];
  return Array.from({ length: count }, (_, index) => {
    const startMs = last - (count - 1 - index) * UNIT_MS[unit];
    const row = byStart.get(startMs);
    return {
      at: new Date(startMs).toISOString(),
      requests: row?.requests ?? 0,
      errors: row?.errors ?? 0,
      costNanoUsd: row?.cost_nano_usd ?? 0,
    };
  });
}

/** Where the first of those buckets begins: the `from` to ask for. */
export function rangeStart(unit: Unit, count: number, nowMs: number): string {
  return new Date((Math.floor(nowMs / UNIT_MS[unit]) - (count - 1)) * UNIT_MS[unit]).toISOString();
}
