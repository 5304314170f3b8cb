import type { Actor } from "@aggregator/contracts/actor";
import type { UsageRowView } from "@aggregator/contracts/analytics";
import type { Page } from "@aggregator/contracts/page";
import { ok, type Result } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Database } from "../db/client.ts";
import { findSegments } from "../db/find-segments.ts";
import { selectUsage, type UsageTotals } from "../db/select-usage.ts";
import { pageOf } from "../domain/usage-page.ts";
import { groupOf } from "../domain/usage-group.ts";
import { type Grouping, parseUsageQuery } from "../domain/usage-query.ts";

/**
 * Usage of the actor's company by groups, from rollups, in whole hours. Needs `usage:read`.
 * `cost_nano_usd` is what the company pays. Errors: `permission_denied`, `invalid_request`.
 */
export async function getUsage(
  db: Database,
  actor: Actor,
  input: unknown,
  nowMs: number,
): Promise<Result<Page<UsageRowView>>> {
  const allowed = requirePermission(actor, "usage:read");
  if (!allowed.ok) return allowed;
  const query = parseUsageQuery(input, nowMs);
  if (!query.ok) return query;
  const { groupBy } = query.value;
  const segments = await findSegments(db, query.value, { isByHour: groupBy.includes("hour"), nowMs });
  const rows = await selectUsage(db, { companyId: actor.companyId }, query.value, segments);
  return ok(pageOf(rows, query.value, (row) => usageRowView(row, groupBy)));
}

/** A group's totals as the company sees them. */
export function usageRowView(row: UsageTotals, groupBy: readonly Grouping[]): UsageRowView {
  return {
    group: groupOf(row, groupBy),
    requests: row.requests,
    errors: row.errors,
    input_tokens: row.input_tokens,
    cached_input_tokens: row.cached_input_tokens,
    output_tokens: row.output_tokens,
    cost_nano_usd: row.price_nano_usd,
  };
}
