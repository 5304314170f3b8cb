import type { Actor } from "@aggregator/contracts/actor";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Database } from "../db/client.ts";
import { findSegments } from "../db/find-segments.ts";
import { selectUsage } from "../db/select-usage.ts";
import { csvOf } from "../domain/csv.ts";
import { groupOf } from "../domain/usage-group.ts";
import { parseUsageQuery } from "../domain/usage-query.ts";

const MAX_ROWS = 10_000;
const TOTALS = ["requests", "errors", "input_tokens", "cached_input_tokens", "output_tokens", "cost_nano_usd"] as const;

/**
 * The rows of `getUsage` as CSV, all at once: `limit` and `cursor` do not apply. Needs `usage:read`.
 * Errors: `permission_denied`, `invalid_request` (also when there are more than 10,000 rows).
 */
export async function exportUsage(db: Database, actor: Actor, input: unknown, nowMs: number): Promise<Result<string>> {
  const allowed = requirePermission(actor, "usage:read");
  if (!allowed.ok) return allowed;
  const query = parseUsageQuery(input, nowMs);
  if (!query.ok) return query;
  const { groupBy } = query.value;
  const segments = await findSegments(db, query.value, { isByHour: groupBy.includes("hour"), nowMs });
  const whole = { ...query.value, limit: MAX_ROWS, after: null };
  const rows = await selectUsage(db, { companyId: actor.companyId }, whole, segments);
  if (rows.length > MAX_ROWS) {
    return err("invalid_request", `from: a CSV has at most ${MAX_ROWS} rows; ask for a shorter range`, {
      param: "from",
    });
  }
  const lines = rows.map((row) => [
    ...Object.values(groupOf(row, groupBy)),
    row.requests,
    row.errors,
    row.input_tokens,
    row.cached_input_tokens,
    row.output_tokens,
    row.price_nano_usd,
  ]);
  return ok(csvOf([...groupBy, ...TOTALS], lines));
}
