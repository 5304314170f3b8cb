import type {
  DeadLetterView,
  MarginView,
  PercentilesView,
  PlatformUsageRowView,
  ProviderLeagueRowView,
  UsageRowView,
  UsageSummaryView,
} from "@aggregator/contracts/analytics";
import { z } from "@hono/zod-openapi";
import { NanoUsd, Time } from "./common.ts";

const Count = z.number().int();
const Share = z.number().nullable().openapi({ description: "0 to 1; null where there is nothing to divide by." });

export const UsageRow = z
  .object({
    group: z
      .record(z.string(), z.string().nullable())
      .readonly()
      .openapi({ description: "Values of the grouped dimensions." }),
    requests: Count,
    errors: Count,
    input_tokens: Count,
    cached_input_tokens: Count,
    output_tokens: Count,
    cost_nano_usd: NanoUsd.openapi({ description: "What the company paid." }),
  })
  .openapi("UsageRow") satisfies z.ZodType<UsageRowView>;

const Percentiles = z.object({ p50: z.number().nullable(), p95: z.number().nullable() }).openapi("Percentiles", {
  description: "Milliseconds; null without a measurement.",
}) satisfies z.ZodType<PercentilesView>;

export const UsageSummary = z
  .object({
    from: Time,
    to: Time,
    requests: Count,
    errors: Count,
    error_rate: Share,
    input_tokens: Count,
    cached_input_tokens: Count,
    output_tokens: Count,
    reasoning_tokens: Count,
    cache_hit_rate: Share,
    response_cache_hit_rate: Share,
    cost_nano_usd: NanoUsd,
    cost: z.string().openapi({ description: "USD, nine decimals." }),
    latency_ms: Percentiles,
    time_to_first_token_ms: Percentiles,
    top_models: z.array(z.object({ model: z.string(), requests: Count, cost_nano_usd: NanoUsd })).readonly(),
  })
  .openapi("UsageSummary") satisfies z.ZodType<UsageSummaryView>;

const margin = {
  cost_nano_usd: NanoUsd.openapi({ description: "What companies paid." }),
  provider_cost_nano_usd: NanoUsd.openapi({ description: "What providers take." }),
  margin_nano_usd: NanoUsd,
  loss_nano_usd: NanoUsd.openapi({ description: "What failed attempts may cost the platform." }),
};

export const PlatformUsageRow = UsageRow.extend(margin).openapi(
  "PlatformUsageRow",
) satisfies z.ZodType<PlatformUsageRowView>;

export const PlatformUsageSummary = UsageSummary.extend(margin).openapi("PlatformUsageSummary") satisfies z.ZodType<
  UsageSummaryView & MarginView
>;

export const ProviderLeagueRow = z
  .object({
    provider: z.string(),
    requests: Count,
    errors: Count,
    error_rate: Share,
    output_tokens: Count,
    latency_ms: Percentiles,
    time_to_first_token_ms: Percentiles,
    ...margin,
  })
  .openapi("ProviderLeagueRow") satisfies z.ZodType<ProviderLeagueRowView>;

export const DeadLetter = z
  .object({
    id: z.string(),
    queue: z.string(),
    reason: z.string(),
    attempts: Count,
    body: z.string().openapi({ description: "The message as JSON." }),
    is_truncated: z.boolean(),
    received_at: Time,
    replayed_at: Time.nullable(),
  })
  .openapi("DeadLetter") satisfies z.ZodType<DeadLetterView>;
