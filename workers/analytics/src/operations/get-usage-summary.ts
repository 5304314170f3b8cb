import type { Actor } from "@aggregator/contracts/actor";
import type { MarginView, PercentilesView, UsageSummaryView } from "@aggregator/contracts/analytics";
import { ok, type Result } from "@aggregator/contracts/result";
import { formatUsd } from "@aggregator/money/usd-decimal";
import { requirePermission, requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import type { Database } from "../db/client.ts";
import { findSegments } from "../db/find-segments.ts";
import { ALL_PROVIDERS, selectHistograms } from "../db/select-histograms.ts";
import { addTotals, type NamedTotals, selectTotals, type Totals } from "../db/select-totals.ts";
import type { UsageScope } from "../db/usage-source.ts";
import { marginOf } from "../domain/margin.ts";
import { percentileMs } from "../domain/percentile.ts";
import { rateOf } from "../domain/rate.ts";
import { parsePlatformSummaryQuery, parseSummaryQuery, type SummaryRange } from "../domain/usage-query.ts";

const TOP_MODELS = 5;

/** The actor's company at a glance. Needs `usage:read`. Errors: `permission_denied`, `invalid_request`. */
export async function getUsageSummary(
  db: Database,
  actor: Actor,
  input: unknown,
  nowMs: number,
): Promise<Result<UsageSummaryView>> {
  const allowed = requirePermission(actor, "usage:read");
  if (!allowed.ok) return allowed;
  const range = parseSummaryQuery(input, nowMs);
  if (!range.ok) return range;
  return ok((await summarise(db, { companyId: actor.companyId }, range.value, nowMs)).view);
}

/** All companies at a glance, with the platform's margin. Operators only; errors as `getUsageSummary`. */
export async function getPlatformUsageSummary(
  db: Database,
  actor: Actor,
  input: unknown,
  nowMs: number,
): Promise<Result<UsageSummaryView & MarginView>> {
  const allowed = requirePlatformAdmin(actor);
  if (!allowed.ok) return allowed;
  const range = parsePlatformSummaryQuery(input, nowMs);
  if (!range.ok) return range;
  const { view, totals } = await summarise(db, "platform", range.value, nowMs);
  return ok({ ...view, ...marginOf(totals) });
}

/** Three reads of the range's cells: totals by model, and the two histograms. */
async function summarise(db: Database, scope: UsageScope, range: SummaryRange, nowMs: number) {
  const segments = await findSegments(db, range, { isByHour: false, nowMs });
  const source = { scope, segments, filters: range.filters };
  const [models, latencies, firstTokens] = await Promise.all([
    selectTotals(db, "model", source),
    selectHistograms(db, "latency_ms_histogram", "all", source),
    selectHistograms(db, "time_to_first_token_ms_histogram", "all", source),
  ]);
  const totals = addTotals(models);
  const percentiles = {
    latency_ms: percentilesOf(latencies.get(ALL_PROVIDERS)),
    time_to_first_token_ms: percentilesOf(firstTokens.get(ALL_PROVIDERS)),
  };
  return { totals, view: { ...summaryView(totals, models, range), ...percentiles } };
}

/** The percentiles that views show. */
export function percentilesOf(histogram: readonly number[] = []): PercentilesView {
  return { p50: percentileMs(histogram, 0.5), p95: percentileMs(histogram, 0.95) };
}

function summaryView(totals: Totals, models: readonly NamedTotals[], range: SummaryRange) {
  return {
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
    requests: totals.requests,
    errors: totals.errors,
    error_rate: rateOf(totals.errors, totals.requests),
    input_tokens: totals.input_tokens,
    cached_input_tokens: totals.cached_input_tokens,
    output_tokens: totals.output_tokens,
    reasoning_tokens: totals.reasoning_tokens,
    cache_hit_rate: rateOf(totals.cached_input_tokens, totals.input_tokens),
    response_cache_hit_rate: rateOf(totals.cache_hits, totals.requests),
    cost_nano_usd: totals.price_nano_usd,
    cost: formatUsd(totals.price_nano_usd),
    top_models: models.slice(0, TOP_MODELS).map((model) => ({
      model: model.name,
      requests: model.requests,
      cost_nano_usd: model.price_nano_usd,
    })),
  };
}
