import type { EndpointView, ModelView, ProviderView, PublicModelView } from "@aggregator/contracts/orchestrator";
import { PROVIDER_KINDS } from "@aggregator/contracts/provider-kinds";
import { ROUTING_STRATEGIES } from "@aggregator/contracts/routing";
import { z } from "@hono/zod-openapi";
import { Time } from "./common.ts";

const PriceTier = z.object({
  above_input_tokens: z.number().int(),
  prices: z.record(z.string(), z.string()).readonly(),
});
export const Prices = z
  .record(z.string(), z.union([z.string(), z.array(PriceTier).readonly()]))
  .readonly()
  .openapi({
    description:
      "USD as decimal strings: per million tokens (`input`, `cached_input`, `output`, …), per piece (`request`, `image`), per second (`audio_second`), and the least that a request comes to (`minimum`, before markup); `tiers` by input tokens.",
    example: { input: "2.50", cached_input: "1.25", output: "10.00" },
  });

export const PublicModel = z
  .object({
    id: z.string().openapi({ example: "openai/gpt-4o" }),
    object: z.literal("model"),
    created: z.number().int().openapi({ description: "Seconds since the epoch." }),
    owned_by: z.string(),
    context_window: z.number().int().nullable(),
    max_output_tokens: z.number().int().nullable(),
    pricing: z
      .record(z.string(), z.string())
      .readonly()
      .nullable()
      .openapi({ description: "USD per million tokens; null when not priced." }),
  })
  .openapi("Model") satisfies z.ZodType<PublicModelView>;

/** OpenAI's list shape, which is not that of our own lists. */
export const PublicModelList = z
  .object({ object: z.literal("list"), data: z.array(PublicModel).readonly() })
  .openapi("ModelList");

export const Provider = z
  .object({
    slug: z.string(),
    kind: z.enum(PROVIDER_KINDS),
    base_url: z.string(),
    enabled: z.boolean(),
    priority: z.number().int(),
    on_disconnect: z.enum(["stop", "drain"]),
    collects_data: z.boolean().openapi({
      description: 'Trains on or keeps prompts; requests with `data_collection: "deny"` pass it by.',
    }),
    has_credential: z.boolean().openapi({ description: "Whether a key is stored. The key itself is never returned." }),
    created_at: Time,
    updated_at: Time,
  })
  .openapi("Provider") satisfies z.ZodType<ProviderView>;

export const ProviderInput = z
  .object({
    slug: z.string().openapi({ example: "openai" }),
    kind: z.enum(PROVIDER_KINDS),
    base_url: z
      .string()
      .openapi({ description: "As the vendor's own client takes it.", example: "https://api.openai.com/v1" }),
    api_key: z.string().optional().openapi({ format: "password", description: "Encrypted at rest, never returned." }),
    enabled: z.boolean().optional(),
    priority: z.number().int().optional(),
    on_disconnect: z.enum(["stop", "drain"]).optional(),
    collects_data: z.boolean().optional(),
  })
  .openapi("ProviderInput");

export const ProviderChange = ProviderInput.omit({ slug: true }).partial().openapi("ProviderChange");

const Endpoint = z
  .object({
    id: z.string(),
    provider: z.string(),
    upstream_model: z.string(),
    enabled: z.boolean(),
    weight: z.number().int(),
    prices: Prices.nullable(),
    price_version: z.string().nullable(),
  })
  .openapi("Endpoint") satisfies z.ZodType<EndpointView>;

const Strategy = z.enum(ROUTING_STRATEGIES).openapi({
  description:
    "How the endpoints share the requests: by the providers' priority (the default), by weight, the cheapest first, the fastest to the first token or in tokens per second, the least busy.",
});
const Sticky = z.boolean().openapi({
  description: "Whether a conversation stays with the endpoint that has its prompt cached, while that is healthy.",
});

export const CatalogueModel = z
  .object({
    id: z.string(),
    context_window: z.number().int().nullable(),
    max_output_tokens: z.number().int().nullable(),
    strategy: Strategy,
    sticky: Sticky,
    endpoints: z.array(Endpoint).readonly(),
    created_at: Time,
    updated_at: Time,
  })
  .openapi("CatalogueModel") satisfies z.ZodType<ModelView>;

export const ModelInput = z
  .object({
    id: z.string().openapi({ example: "openai/gpt-4o" }),
    context_window: z.number().int().nullable().optional(),
    max_output_tokens: z.number().int().nullable().optional(),
    strategy: Strategy.optional(),
    sticky: Sticky.optional(),
    endpoints: z
      .array(
        z.object({
          provider: z.string(),
          upstream_model: z.string(),
          enabled: z.boolean().optional(),
          weight: z.number().int().optional().openapi({
            description: "Share under the weighted strategy, such as a percentage; 0: only when all others fail.",
          }),
          prices: Prices.nullable().optional(),
        }),
      )
      .optional(),
  })
  .openapi("ModelInput");

export const ModelChange = ModelInput.omit({ id: true }).partial().openapi("ModelChange");
