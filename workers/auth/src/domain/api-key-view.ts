import type { RateLimits } from "@aggregator/contracts/actor";
import type { ApiKeyView } from "@aggregator/contracts/auth";
import type { ApiKeyRow } from "../db/api-keys.ts";

/** A key without its secret. */
export function apiKeyView(key: ApiKeyRow): ApiKeyView {
  return {
    id: key.id,
    name: key.name,
    prefix: key.hint,
    scopes: key.scopes,
    rate_limits: rateLimitsView(key.rateLimits),
    is_active: key.isActive,
    expires_at: isoOrNull(key.expiresAtMs),
    last_used_at: isoOrNull(key.lastUsedAtMs),
    created_at: new Date(key.createdAtMs).toISOString(),
  };
}

function rateLimitsView(limits: RateLimits): ApiKeyView["rate_limits"] {
  const { requestsPerMinute, tokensPerMinute, concurrentRequests } = limits;
  const view = {
    ...(requestsPerMinute === undefined ? {} : { requests_per_minute: requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokens_per_minute: tokensPerMinute }),
    ...(concurrentRequests === undefined ? {} : { concurrent_requests: concurrentRequests }),
  };
  return Object.keys(view).length === 0 ? null : view;
}

export function isoOrNull(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
