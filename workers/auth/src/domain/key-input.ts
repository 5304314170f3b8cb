import { MAX_NANO_USD } from "@aggregator/contracts/account";
import { PERMISSIONS } from "@aggregator/contracts/permissions";
import { z } from "zod";
import { Instant, Name } from "./fields.ts";
import { canonicalBlock } from "./network.ts";

const Limit = z.number().int("must be a whole number").min(1, "must be at least 1").max(1_000_000_000).exactOptional();
const Id = z.string().min(1).max(256);
const EMPTY = "must name at least one; leave the field out for no restriction";

/** A list that restricts: without repeats, never empty. */
function names(item: z.ZodType<string>, max: number) {
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

/** `POST /v1/api-keys`. */
export const CreateApiKeyInput = z.strictObject({
  name: Name,
  expires_at: Instant.optional(),
  scopes: z.array(z.enum(PERMISSIONS)).min(1, "must name at least one scope").optional(),
  rate_limits: RateLimitsInput.optional(),
  budget: BudgetInput.optional(),
  allowed_models: names(Id, 500).optional(),
  allowed_ips: z.array(IpBlock).min(1, EMPTY).max(100).optional(),
});
export type CreateApiKeyInput = z.infer<typeof CreateApiKeyInput>;
