import type { Actor } from "@aggregator/contracts/actor";
import type { PlatformUsageRowView } from "@aggregator/contracts/analytics";
import type { Page } from "@aggregator/contracts/page";
import { ok, type Result } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Database } from "../db/client.ts";
import { findSegments } from "../db/find-segments.ts";
import { selectUsage } from "../db/select-usage.ts";
import { marginOf } from "../domain/margin.ts";
import { pageOf } from "../domain/usage-page.ts";
import { parsePlatformUsageQuery } from "../domain/usage-query.ts";
import { usageRowView } from "./get-usage.ts";

/** Usage and margin over all companies, also by company. Operators only; errors as `getUsage`. */
export async function getPlatformUsage(
  db: Database,
  actor: Actor,
  input: unknown,
  nowMs: number,
): Promise<Result<Page<PlatformUsageRowView>>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const query = parsePlatformUsageQuery(input, nowMs);
  if (!query.ok) return query;
  const { groupBy } = query.value;
  const segments = await findSegments(db, query.value, { isByHour: groupBy.includes("hour"), nowMs });
  const rows = await selectUsage(db, "platform", query.value, segments);
  return ok(pageOf(rows, query.value, (row) => ({ ...usageRowView(row, groupBy), ...marginOf(row) })));
}
