import type { ApiKeyView, CreatedApiKeyView } from "@aggregator/contracts/auth";
import { PERMISSIONS } from "@aggregator/contracts/permissions";
import { z } from "@hono/zod-openapi";
import { RateLimits } from "./common.ts";

export const ApiKey = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().openapi({ description: "First characters and last four: enough to recognise the key." }),
    scopes: z.array(z.enum(PERMISSIONS)).readonly(),
    rate_limits: RateLimits.nullable(),
    is_active: z.boolean(),
    expires_at: z.string().nullable().openapi({ format: "date-time" }),
    last_used_at: z.string().nullable().openapi({ format: "date-time", description: "Coarse." }),
    created_at: z.string().openapi({ format: "date-time" }),
  })
  .openapi("ApiKey") satisfies z.ZodType<ApiKeyView>;

export const CreatedApiKey = ApiKey.extend({
  key: z.string().openapi({ description: "The secret. Shown here and never again." }),
}).openapi("CreatedApiKey") satisfies z.ZodType<CreatedApiKeyView>;

export const CreateApiKeyInput = z
  .object({
    name: z.string().openapi({ example: "production" }),
    expires_at: z.string().optional().openapi({ format: "date-time" }),
    scopes: z.array(z.enum(PERMISSIONS)).optional().openapi({ description: "Never more than the maker has." }),
    allowed_models: z.array(z.string()).optional(),
    allowed_ips: z
      .array(z.string())
      .optional()
      .openapi({ description: "CIDR blocks.", example: ["203.0.113.0/24"] }),
    rate_limits: RateLimits.optional(),
    budget: z
      .object({ amount_nano_usd: z.number().int().min(0), period: z.enum(["day", "month", "lifetime"]) })
      .optional(),
  })
  .openapi("CreateApiKeyInput");
