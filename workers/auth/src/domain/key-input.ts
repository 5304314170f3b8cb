import { MAX_NANO_USD } from "@aggregator/contracts/account";
import { DATA_PLANE_ENDPOINTS } from "@aggregator/contracts/data-plane";
import { PERMISSIONS } from "@aggregator/contracts/permissions";
import { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { z } from "zod";
import { Instant, Name } from "./fields.ts";
import { canonicalBlock } from "./network.ts";

const Limit = z.number().int("must be a whole number").min(1, "must be at least 1").max(1_000_000_000).exactOptional();
const Id = z.string().min(1).max(256);
const EMPTY = "must name at least one; leave the field out for no restriction";
const MAX_CACHE_SECONDS = 30 * 86_400;

/** A list that restricts: without repeats, never empty. */
function names<Item extends z.ZodType<string>>(item: Item, max: number) {
  return z
    .array(item)
    .min(1, EMPTY)
    .max(max)
    .transform((list) => [...new Set(list)]);
}

const IpBlock = z
  .string()
  .max(64)
  .transform((text, context) => {
    const block = canonicalBlock(text);
    if (block !== null) return block;
    context.addIssue({ code: "custom", message: "must be an IP address or a CIDR block, such as 203.0.113.0/24" });
    return z.NEVER;
  });

export const RateLimitsInput = z
  .strictObject({ requests_per_minute: Limit, tokens_per_minute: Limit, concurrent_requests: Limit })
  .transform(({ requests_per_minute: requests, tokens_per_minute: tokens, concurrent_requests: concurrent }) => ({
    ...(requests === undefined ? {} : { requestsPerMinute: requests }),
    ...(tokens === undefined ? {} : { tokensPerMinute: tokens }),
    ...(concurrent === undefined ? {} : { concurrentRequests: concurrent }),
  }));

export const BudgetInput = z
  .strictObject({
    amount_nano_usd: z.number().int("must be a whole number of nano-USD").min(0).max(MAX_NANO_USD),
    period: z.enum(["day", "month", "lifetime"]),
  })
  .transform(({ amount_nano_usd: amountNanoUsd, period }) => ({ amountNanoUsd, period }));

/** What limits a key; null lifts the limit, absent leaves it as it is (in a new key: none). */
const policy = {
  scopes: z
    .array(z.enum(PERMISSIONS))
    .min(1, "must name at least one scope")
    .transform((list) => [...new Set(list)])
    .optional(),
  expires_at: Instant.nullish(),
  rate_limits: RateLimitsInput.nullish(),
  budget: BudgetInput.nullish(),
  allowed_models: names(Id, 500).nullish(),
  allowed_providers: names(Id, 100).nullish(),
  allowed_endpoints: names(z.enum(DATA_PLANE_ENDPOINTS), DATA_PLANE_ENDPOINTS.length).nullish(),
  allowed_ips: names(IpBlock, 100).nullish(),
  provider_preferences: ProviderPreferences.nullish(),
  cache_max_age_seconds: z.number().int("must be a whole number").min(0).max(MAX_CACHE_SECONDS).nullish(),
};

/** `POST /v1/api-keys`. */
export const CreateApiKeyInput = z.strictObject({
  name: Name,
  type: z.enum(["live", "temporary"]).default("live"),
  ...policy,
});
export type CreateApiKeyInput = z.infer<typeof CreateApiKeyInput>;

/** `PATCH /v1/api-keys/{id}`. */
export const UpdateApiKeyInput = z.strictObject({ name: Name.optional(), ...policy });
export type UpdateApiKeyInput = z.infer<typeof UpdateApiKeyInput>;

/**
 * Shortest grace of a rotated secret: longer than an isolate may remember what it answered (10 s), so
 * that a secret whose grace is over is refused everywhere. To end a secret at once, revoke the key.
 */
const MIN_GRACE_SECONDS = 60;
const MAX_GRACE_SECONDS = 30 * 86_400;
const DEFAULT_GRACE_SECONDS = 86_400;

/** `POST /v1/api-keys/{id}/rotate`. */
export const RotateApiKeyInput = z.strictObject({
  grace_seconds: z
    .number()
    .int("must be a whole number")
    .min(MIN_GRACE_SECONDS, `must be at least ${MIN_GRACE_SECONDS}; to end a secret at once, revoke the key`)
    .max(MAX_GRACE_SECONDS)
    .default(DEFAULT_GRACE_SECONDS),
});

/** What a list of keys can be narrowed by, beside its page. */
export const ApiKeyFilter = z.object({
  /** Part of the name, or of the visible part of the secret; compared literally. */
  q: z.string().min(1).max(100).optional(),
  is_active: z.enum(["true", "false"]).optional(),
  member_id: z.string().min(1).max(64).optional(),
});
export type ApiKeyFilter = z.infer<typeof ApiKeyFilter>;
