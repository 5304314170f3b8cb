import type {
  DeadLetterView,
  MarginView,
  PlatformUsageRowView,
  ProviderLeagueRowView,
  UsageRowView,
  UsageSummaryView,
} from "@aggregator/contracts/analytics";
import type { UsageRetold as UsageRetoldView } from "@aggregator/contracts/billing";
import { z } from "@hono/zod-openapi";

export const UsageRow = z
  .object({
    group: z
      .record(z.string(), z.string().nullable())
      .readonly()
      .openapi({ description: "Values of the grouped dimensions." }),
    requests: z.number().int(),
    errors: z.number().int(),
    input_tokens: z.number().int(),
    cached_input_tokens: z.number().int(),
    output_tokens: z.number().int(),
    cost_nano_usd: z.number().int().openapi({ description: "What the company paid." }),
  })
  .openapi("UsageRow") satisfies z.ZodType<UsageRowView>;

const Percentiles = z
  .object({ p50: z.number().nullable(), p95: z.number().nullable() })
  .readonly()
  .openapi({ description: "Milliseconds; null without a measurement." });

const summaryFields = {
  from: z.string().openapi({ format: "date-time" }),
  to: z.string().openapi({ format: "date-time" }),
  requests: z.number().int(),
  errors: z.number().int(),
  error_rate: z.number().nullable().openapi({ description: "0–1; null without requests." }),
  input_tokens: z.number().int(),
  cached_input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  reasoning_tokens: z.number().int(),
  cache_hit_rate: z.number().nullable().openapi({ description: "Share of input tokens read from a provider's cache." }),
  response_cache_hit_rate: z
    .number()
    .nullable()
    .openapi({ description: "Share of requests answered from the platform's own cache." }),
  cost_nano_usd: z.number().int().openapi({ description: "What the company paid." }),
  cost: z.string().openapi({ description: "`cost_nano_usd` in USD." }),
  latency_ms: Percentiles,
  time_to_first_token_ms: Percentiles,
  top_models: z
    .array(z.object({ model: z.string(), requests: z.number().int(), cost_nano_usd: z.number().int() }).readonly())
    .readonly()
    .openapi({ description: "At most five, dearest first." }),
};

const marginFields = {
  cost_nano_usd: z.number().int().openapi({ description: "What companies paid." }),
  provider_cost_nano_usd: z.number().int().openapi({ description: "What providers take." }),
  margin_nano_usd: z.number().int().openapi({ description: "Paid less taken." }),
  loss_nano_usd: z.number().int().openapi({ description: "What failed attempts may have cost the platform." }),
};

export const UsageSummary = z.object(summaryFields).openapi("UsageSummary") satisfies z.ZodType<UsageSummaryView>;

export const PlatformUsageRow = UsageRow.extend(marginFields).openapi(
  "PlatformUsageRow",
) satisfies z.ZodType<PlatformUsageRowView>;

export const PlatformUsageSummary = z
  .object({ ...summaryFields, ...marginFields })
  .openapi("PlatformUsageSummary") satisfies z.ZodType<UsageSummaryView & MarginView>;

export const ProviderLeagueRow = z
  .object({
    provider: z.string(),
    requests: z.number().int(),
    errors: z.number().int(),
    error_rate: z.number().nullable(),
    output_tokens: z.number().int(),
    latency_ms: Percentiles,
    time_to_first_token_ms: Percentiles,
    ...marginFields,
  })
  .openapi("ProviderLeagueRow") satisfies z.ZodType<ProviderLeagueRowView>;

export const DeadLetter = z
  .object({
    id: z.string(),
    queue: z.string(),
    reason: z.string(),
    attempts: z.number().int(),
    body: z.string().openapi({ description: "The message as JSON." }),
    is_truncated: z.boolean(),
    received_at: z.string().openapi({ format: "date-time" }),
    replayed_at: z.string().nullable().openapi({ format: "date-time" }),
  })
  .openapi("DeadLetter") satisfies z.ZodType<DeadLetterView>;

export const UsageRetold = z
  .object({ cells: z.number().int() })
  .openapi("UsageRetold") satisfies z.ZodType<UsageRetoldView>;
