import type { UsageCell } from "@aggregator/contracts/usage-events";

type CellColumn = "company_id" | keyof UsageCell;

/** What an hour's cell is counted by, in the order of the primary key. */
export const HOURLY_KEY = [
  "company_id",
  "hour_ms",
  "key_id",
  "model",
  "provider",
  "endpoint",
  "status",
  "member_id",
] as const satisfies readonly CellColumn[];

export const COUNTERS = [
  "requests",
  "errors",
  "estimated",
  "cache_hits",
  "attempts",
  "input_tokens",
  "cached_input_tokens",
  "output_tokens",
  "reasoning_tokens",
  "cost_nano_usd",
  "price_nano_usd",
  "loss_nano_usd",
] as const satisfies readonly CellColumn[];

export const HISTOGRAMS = [
  "latency_ms_histogram",
  "time_to_first_token_ms_histogram",
] as const satisfies readonly CellColumn[];
