import type { LeakLabel } from "@aggregator/contracts/accounts";
import type { ApiKeyView, CreatedApiKeyView } from "@aggregator/contracts/auth";
import { DATA_PLANE_ENDPOINTS } from "@aggregator/contracts/data-plane";
import { PERMISSIONS } from "@aggregator/contracts/permissions";
import { z } from "@hono/zod-openapi";
import { NanoUsd, Preferences, RateLimits, Revision, Time } from "./common.ts";

const Budget = z.object({ amount_nano_usd: NanoUsd, period: z.enum(["day", "month", "lifetime"]) });
const Type = z.enum(["live", "temporary"]);
const names = z.array(z.string()).readonly();

export const ApiKey = z
  .object({
    id: z.string(),
    type: Type.openapi({ description: "`temporary`: it expires within a day, and its secret begins with `ag_temp_`." }),
    name: z.string(),
    prefix: z.string().openapi({ description: "First characters and last four: enough to recognise the key." }),
    scopes: z.array(z.enum(PERMISSIONS)).readonly(),
    rate_limits: RateLimits.nullable(),
    budget: Budget.nullable(),
    allowed_models: names.nullable().openapi({ description: "A list restricts; null does not." }),
    allowed_providers: names.nullable(),
    allowed_endpoints: names.nullable(),
    allowed_ips: names.nullable().openapi({ description: "CIDR blocks." }),
    provider_preferences: Preferences.nullable(),
    cache_max_age_seconds: z.number().int().nullable().openapi({ description: "Response cache; null: off." }),
    member_id: z
      .string()
      .nullable()
      .openapi({ description: "Who made it, whose permissions bound it; null when the company kept it." }),
    is_active: z.boolean(),
    revision: Revision,
    expires_at: Time.nullable(),
    previous_secret_expires_at: Time.nullable().openapi({ description: "End of the last rotation's grace." }),
    last_used_at: Time.nullable().openapi({ description: "To the hour." }),
    created_at: Time,
  })
  .openapi("ApiKey") satisfies z.ZodType<ApiKeyView>;

export const CreatedApiKey = ApiKey.extend({
  key: z.string().openapi({ description: "The secret. Shown here and never again." }),
}).openapi("CreatedApiKey") satisfies z.ZodType<CreatedApiKeyView>;

const policy = {
  scopes: z.array(z.enum(PERMISSIONS)).optional().openapi({ description: "Never more than the maker has." }),
  expires_at: Time.nullish(),
  rate_limits: RateLimits.nullish(),
  budget: Budget.nullish(),
  allowed_models: z.array(z.string()).nullish(),
  allowed_providers: z.array(z.string()).nullish(),
  allowed_endpoints: z.array(z.enum(DATA_PLANE_ENDPOINTS)).nullish(),
  allowed_ips: z
    .array(z.string())
    .nullish()
    .openapi({ description: "CIDR blocks.", example: ["203.0.113.0/24"] }),
  provider_preferences: Preferences.nullish(),
  cache_max_age_seconds: z.number().int().min(0).nullish(),
};

export const CreateApiKeyInput = z
  .object({
    name: z.string().openapi({ example: "production" }),
    type: Type.optional().openapi({ description: "`live` unless said otherwise." }),
    ...policy,
  })
  .openapi("CreateApiKeyInput");

export const UpdateApiKeyInput = z.object({ name: z.string().optional(), ...policy }).openapi("UpdateApiKeyInput");

export const RotateApiKeyInput = z
  .object({
    grace_seconds: z
      .number()
      .int()
      .min(60)
      .max(30 * 86_400)
      .optional()
      .openapi({ description: "How long the secret before stays good; a day unless said otherwise." }),
  })
  .openapi("RotateApiKeyInput");

export const ApiKeyFilter = z.object({
  q: z.string().max(100).optional().openapi({ description: "Part of the name or of the prefix, literally." }),
  is_active: z.enum(["true", "false"]).optional(),
  member_id: z.string().optional().openapi({ description: "Only keys that this member made." }),
});

export const LeakLabels = z
  .array(
    z
      .object({
        token_raw: z.string(),
        token_type: z.string(),
        label: z.enum(["true_positive", "false_positive"]),
      })
      .readonly(),
  )
  .readonly()
  .openapi("LeakLabels") satisfies z.ZodType<readonly LeakLabel[]>;
