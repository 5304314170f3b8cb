import { z } from "zod";

/**
 * What an account tells analytics. State, not changes: each cell carries the account's running totals
 * for one hour and one combination of dimensions, with a version that grows; the consumer keeps the
 * highest. So a message may be repeated, reordered or delayed and the rollup still equals the ledger.
 */
export const USAGE_MESSAGE_VERSION = 1;

/** Upper bounds (ms, inclusive) of the latency histograms; one more bucket holds the rest. */
export const LATENCY_BUCKETS_MS = [
  10, 25, 50, 100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 7_500, 10_000, 15_000, 30_000, 60_000,
  120_000, 300_000,
] as const;

const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Histogram = z.array(Count).length(LATENCY_BUCKETS_MS.length + 1);

export const UsageCell = z.object({
  /** Start of the hour, ms since the epoch. */
  hour_ms: Count,
  key_id: z.string().max(64),
  member_id: z.string().max(64).nullable(),
  /** Catalogue model that served, or the requested one when none did. */
  model: z.string().max(256),
  provider: z.string().max(64),
  endpoint: z.string().max(64),
  /** HTTP status that the client saw. */
  status: z.number().int().min(0).max(999),
  /** Grows with every change of this cell. */
  version: Count,
  requests: Count,
  errors: Count,
  estimated: Count,
  cache_hits: Count,
  attempts: Count,
  input_tokens: Count,
  cached_input_tokens: Count,
  output_tokens: Count,
  reasoning_tokens: Count,
  cost_nano_usd: Count,
  /** Signed: an adjustment can lower it. */
  price_nano_usd: z.number().int(),
  loss_nano_usd: Count,
  latency_ms_histogram: Histogram,
  time_to_first_token_ms_histogram: Histogram,
});
export type UsageCell = z.infer<typeof UsageCell>;

export const UsageMessage = z.object({
  version: z.literal(USAGE_MESSAGE_VERSION),
  company_id: z.string().min(1).max(64),
  /** Position in the company's ledger up to which the cells count. */
  through_seq: Count,
  sent_at_ms: Count,
  cells: z.array(UsageCell).min(1).max(200),
});
export type UsageMessage = z.infer<typeof UsageMessage>;
