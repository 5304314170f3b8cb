import { z } from "zod";

const Slugs = z.array(z.string().min(1).max(64)).max(32);

/** How a company, a key or one request wants endpoints chosen; names as OpenRouter's `provider` object. */
export const ProviderPreferences = z
  .strictObject({
    order: Slugs,
    only: Slugs,
    ignore: Slugs,
    sort: z.enum(["price", "latency", "throughput"]),
    allow_fallbacks: z.boolean(),
    /** USD per million tokens as decimal numbers or strings, per request in USD. */
    max_price: z
      .strictObject({
        prompt: z.union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?$/)]),
        completion: z.union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?$/)]),
        request: z.union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?$/)]),
      })
      .partial(),
    /** `deny`: no provider that trains on or keeps prompts. */
    data_collection: z.enum(["allow", "deny"]),
  })
  .partial();
export type ProviderPreferences = z.infer<typeof ProviderPreferences>;
