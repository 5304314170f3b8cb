import { ceilTo, DAY_MS, floorTo, HOURLY_RETENTION_DAYS } from "./calendar.ts";

const HOURLY_UP_TO_MS = 3 * DAY_MS;

/** A part of a range and the rollup that answers it; `toMs` is exclusive. */
export interface UsageSegment {
  readonly rollup: "hourly" | "daily";
  readonly fromMs: number;
  readonly toMs: number;
}

export interface SegmentedRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly isByHour: boolean;
  /** Days before this have been derived. */
  readonly readableThroughMs: number;
  readonly nowMs: number;
}

/**
 * Which rollup answers which part of a range, so that long ranges read days: whole derived days from
 * the daily cells, the edges and what is not derived yet from the hours. Ranges of up to three days,
 * and series by hour, read hours alone. Where hours are past their retention, the range begins with
 * its first whole day's midnight.
 */
export function usageSegments(range: SegmentedRange): readonly UsageSegment[] {
  const { fromMs, toMs, isByHour, readableThroughMs, nowMs } = range;
  const hourly = { rollup: "hourly", fromMs, toMs } as const;
  if (isByHour || toMs - fromMs <= HOURLY_UP_TO_MS) return [hourly];
  const hoursFromMs = floorTo(nowMs, DAY_MS) - HOURLY_RETENTION_DAYS * DAY_MS;
  const daysFromMs = fromMs < hoursFromMs ? floorTo(fromMs, DAY_MS) : ceilTo(fromMs, DAY_MS);
  const daysToMs = Math.min(floorTo(toMs, DAY_MS), readableThroughMs);
  if (daysFromMs >= daysToMs) return [hourly];
  const segments: UsageSegment[] = [
    { rollup: "hourly", fromMs, toMs: daysFromMs },
    { rollup: "daily", fromMs: daysFromMs, toMs: daysToMs },
    { rollup: "hourly", fromMs: daysToMs, toMs },
  ];
  return segments.filter((segment) => segment.fromMs < segment.toMs);
}
