import { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { z } from "@hono/zod-openapi";

/** Integer money on the wire. */
export const NanoUsd = z.number().int().openapi({ description: "Integer nano-USD: 1 USD is 1 000 000 000." });
/** ISO 8601. */
export const Time = z.string().openapi({ format: "date-time" });

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** Mirrors the contract's free-form fields (contracts/json.ts). */
export const JsonObject = z
  .record(z.string(), z.union([Scalar, z.array(z.string()).readonly(), z.record(z.string(), Scalar).readonly()]))
  .readonly();

export const RateLimits = z.object({
  requests_per_minute: z.number().int().min(1).exactOptional(),
  tokens_per_minute: z.number().int().min(1).exactOptional(),
  concurrent_requests: z.number().int().min(1).exactOptional(),
});

/** How endpoints are chosen; OpenRouter's names. */
export const Preferences = ProviderPreferences.openapi("ProviderPreferences");
export const Revision = z.number().int().openapi({ description: "Grows with each change; also the `etag`." });
