import { type UsageSegment, usageSegments } from "../domain/usage-segments.ts";
import type { UsageRange } from "../domain/usage-query.ts";
import type { Database } from "./client.ts";
import { readRollupState } from "./rollup-state.ts";

/** Which rollups answer a range now. */
export async function findSegments(
  db: Database,
  { fromMs, toMs }: UsageRange,
  options: { readonly isByHour: boolean; readonly nowMs: number },
): Promise<readonly UsageSegment[]> {
  const { readableThroughMs } = await readRollupState(db);
  return usageSegments({ fromMs, toMs, readableThroughMs, ...options });
}
