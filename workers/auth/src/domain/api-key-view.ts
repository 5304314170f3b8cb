import type { Budget, RateLimits } from "@aggregator/contracts/actor";
import type { ApiKeyView, RateLimitsView } from "@aggregator/contracts/auth";
import { err } from "@aggregator/contracts/result";
import type { ApiKeyRow } from "../db/api-keys.ts";
import { typeOfHint } from "./api-key.ts";

export const NO_SUCH_KEY = err("not_found", "There is no such API key.");

/** A key without its secret. */
export function apiKeyView(key: ApiKeyRow): ApiKeyView {
  return {
    id: key.id,
    type: typeOfHint(key.hint),
    name: key.name,
    prefix: key.hint,
    scopes: key.scopes,
    rate_limits: rateLimitsView(key.rateLimits),
    budget: budgetView(key.budget),
    allowed_models: key.allowedModels,
    allowed_providers: key.allowedProviders,
    allowed_endpoints: key.allowedEndpoints,
    allowed_ips: key.allowedIps,
    provider_preferences: key.preferences,
    cache_max_age_seconds: key.cacheMaxAgeSeconds,
    member_id: key.memberId,
    is_active: key.isActive,
    revision: key.revision,
    expires_at: isoOrNull(key.expiresAtMs),
    previous_secret_expires_at: isoOrNull(key.previousExpiresAtMs),
    last_used_at: isoOrNull(key.lastUsedAtMs),
    created_at: new Date(key.createdAtMs).toISOString(),
  };
}

/** Null when there is none. */
export function rateLimitsView(limits: RateLimits): RateLimitsView | null {
  const { requestsPerMinute, tokensPerMinute, concurrentRequests } = limits;
  const view = {
    ...(requestsPerMinute === undefined ? {} : { requests_per_minute: requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokens_per_minute: tokensPerMinute }),
    ...(concurrentRequests === undefined ? {} : { concurrent_requests: concurrentRequests }),
  };
  return Object.keys(view).length === 0 ? null : view;
}

function budgetView(budget: Budget | null): ApiKeyView["budget"] {
  return budget === null ? null : { amount_nano_usd: budget.amountNanoUsd, period: budget.period };
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
