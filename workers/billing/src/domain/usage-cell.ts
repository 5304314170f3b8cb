import type { RequestRecord } from "@aggregator/contracts/request-record";
import type { Usage } from "@aggregator/contracts/usage";
import { LATENCY_BUCKETS_MS, type UsageCell } from "@aggregator/contracts/usage-events";
import { countInputTokens } from "@aggregator/money/resolve-price";

const HOUR_MS = 3_600_000;

/** The dimensions of a cell, in the order of its key. */
export type CellDimensions = Pick<
  UsageCell,
  "hour_ms" | "key_id" | "member_id" | "model" | "provider" | "endpoint" | "status"
>;

/** What one ledger entry adds to its cell. `ended`: the entry that ends a request, of which there is one. */
export interface CellChange {
  readonly ended: boolean;
  readonly costNanoUsd: number;
  readonly priceNanoUsd: number;
  readonly record: RequestRecord | null;
}

export function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) * HOUR_MS;
}

/** A cell in which nothing has been counted. */
export function emptyCell(dimensions: CellDimensions): UsageCell {
  return {
    ...dimensions,
    version: 0,
    requests: 0,
    errors: 0,
    estimated: 0,
    cache_hits: 0,
    attempts: 0,
    input_tokens: 0,
    cached_input_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
    cost_nano_usd: 0,
    price_nano_usd: 0,
    loss_nano_usd: 0,
    latency_ms_histogram: emptyHistogram(),
    time_to_first_token_ms_histogram: emptyHistogram(),
  };
}

/** The cell with one entry counted in it, at the entry's position in the ledger. */
export function addToCell(cell: UsageCell, change: CellChange, seq: number): UsageCell {
  const money = {
    ...cell,
    version: Math.max(cell.version, seq),
    cost_nano_usd: cell.cost_nano_usd + change.costNanoUsd,
    price_nano_usd: cell.price_nano_usd + change.priceNanoUsd,
  };
  const { record } = change;
  if (!change.ended || record === null) return money;
  const usage: Usage = record.usage ?? {};
  return {
    ...money,
    requests: cell.requests + 1,
    errors: cell.errors + (record.status >= 400 ? 1 : 0),
    estimated: cell.estimated + (record.usageQuality === "estimated" ? 1 : 0),
    cache_hits: cell.cache_hits + (record.cache === "hit" ? 1 : 0),
    attempts: cell.attempts + record.attempts.length,
    input_tokens: cell.input_tokens + countInputTokens(usage),
    cached_input_tokens: cell.cached_input_tokens + (usage.cached_input ?? 0) + (usage.cached_input_audio ?? 0),
    output_tokens: cell.output_tokens + (usage.output ?? 0) + (usage.reasoning ?? 0) + (usage.output_audio ?? 0),
    reasoning_tokens: cell.reasoning_tokens + (usage.reasoning ?? 0),
    loss_nano_usd: cell.loss_nano_usd + record.attempts.reduce((sum, attempt) => sum + attempt.lossNanoUsd, 0),
    latency_ms_histogram: countIn(cell.latency_ms_histogram, record.latencyMs),
    time_to_first_token_ms_histogram: countIn(cell.time_to_first_token_ms_histogram, record.timeToFirstTokenMs),
  };
}

function emptyHistogram(): number[] {
  return Array.from({ length: LATENCY_BUCKETS_MS.length + 1 }, () => 0);
}

function countIn(histogram: readonly number[], ms: number | null): number[] {
  if (ms === null) return [...histogram];
  const found = LATENCY_BUCKETS_MS.findIndex((bound) => ms <= bound);
  const bucket = found === -1 ? LATENCY_BUCKETS_MS.length : found;
  return histogram.map((count, index) => (index === bucket ? count + 1 : count));
}
