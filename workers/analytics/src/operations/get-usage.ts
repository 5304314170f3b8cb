import type { Actor } from "@aggregator/contracts/actor";
import type { UsageRowView } from "@aggregator/contracts/analytics";
import type { Page } from "@aggregator/contracts/page";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { encodeCursor } from "@aggregator/runtime/cursor";
import type { Database } from "../db/client.ts";
import { selectUsage, type UsageTotals } from "../db/select-usage.ts";
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
  if (!actor.permissions.includes("usage:read")) {
    return err("permission_denied", "Reading usage needs the permission usage:read.");
  }
  const query = parseUsageQuery(input, nowMs);
  if (!query.ok) return query;
  const rows = await selectUsage(db, actor.companyId, query.value);
  const page = rows.slice(0, query.value.limit);
  const last = rows.length > page.length ? page.at(-1) : undefined;
  return ok({
    data: page.map((row) => viewOf(row, query.value.groupBy)),
    nextCursor: last === undefined ? null : encodeCursor(last.group),
  });
}

function viewOf(row: UsageTotals, groupBy: readonly Grouping[]): UsageRowView {
  return {
    group: Object.fromEntries(groupBy.map((grouping, index) => [grouping, labelOf(grouping, row.group[index])])),
    requests: row.requests,
    errors: row.errors,
    input_tokens: row.inputTokens,
    cached_input_tokens: row.cachedInputTokens,
    output_tokens: row.outputTokens,
    cost_nano_usd: row.priceNanoUsd,
  };
}

function labelOf(grouping: Grouping, value: string | number | undefined): string | null {
  if (value === undefined || value === "") return null;
  if (grouping === "hour" || grouping === "day") return new Date(Number(value)).toISOString();
  return String(value);
}
