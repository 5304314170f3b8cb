import type { Actor } from "@aggregator/contracts/actor";
import type { ProviderLeagueRowView } from "@aggregator/contracts/analytics";
import { ok, type Result } from "@aggregator/contracts/result";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Database } from "../db/client.ts";
import { findSegments } from "../db/find-segments.ts";
import { selectHistograms } from "../db/select-histograms.ts";
import { selectTotals } from "../db/select-totals.ts";
import { marginOf } from "../domain/margin.ts";
import { rateOf } from "../domain/rate.ts";
import { parsePlatformSummaryQuery } from "../domain/usage-query.ts";
import { percentilesOf } from "./get-usage-summary.ts";

/**
 * How the providers compare over a range: traffic, errors, speed and what they earn the platform, best
 * margin first. Operators only. Errors: `permission_denied`, `invalid_request`.
 */
export async function getProviderLeague(
  db: Database,
  actor: Actor,
  input: unknown,
  nowMs: number,
): Promise<Result<readonly ProviderLeagueRowView[]>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const range = parsePlatformSummaryQuery(input, nowMs);
  if (!range.ok) return range;
  const segments = await findSegments(db, range.value, { isByHour: false, nowMs });
  const source = { scope: "platform", segments, filters: range.value.filters } as const;
  const [providers, latencies, firstTokens] = await Promise.all([
    selectTotals(db, "provider", source),
    selectHistograms(db, "latency_ms_histogram", "provider", source),
    selectHistograms(db, "time_to_first_token_ms_histogram", "provider", source),
  ]);
  const rows = providers.map((totals) => ({
    provider: totals.name,
    requests: totals.requests,
    errors: totals.errors,
    error_rate: rateOf(totals.errors, totals.requests),
    output_tokens: totals.output_tokens,
    latency_ms: percentilesOf(latencies.get(totals.name)),
    time_to_first_token_ms: percentilesOf(firstTokens.get(totals.name)),
    ...marginOf(totals),
  }));
  return ok(rows.toSorted((a, b) => b.margin_nano_usd - a.margin_nano_usd));
}
