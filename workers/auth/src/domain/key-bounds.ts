import type { Budget, RateLimits } from "@aggregator/contracts/actor";
import type { ProviderPreferences } from "@aggregator/contracts/provider-preferences";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { isWithin } from "./network.ts";

/** What bounds a key besides its scopes; null or absent is no bound. */
export interface KeyBounds {
  readonly rateLimits: RateLimits;
  readonly budget: Budget | null;
  readonly allowedModels: readonly string[] | null;
  readonly allowedProviders: readonly string[] | null;
  readonly allowedEndpoints: readonly string[] | null;
  readonly allowedIps: readonly string[] | null;
  readonly preferences: ProviderPreferences | null;
  readonly expiresAtMs: number | null;
}

/** `permission_denied`, naming the field, unless `child` can do nothing that `parent` cannot. */
export function checkWithinParent(child: KeyBounds, parent: KeyBounds): Result<void> {
  const wider = fieldBeyond(child, parent);
  if (wider === null) return ok();
  return err("permission_denied", `${wider}: a key cannot be given more than the key that acts has`, { param: wider });
}

function fieldBeyond(child: KeyBounds, parent: KeyBounds): string | null {
  if (!isSubset(child.allowedModels, parent.allowedModels)) return "allowed_models";
  if (!isSubset(child.allowedProviders, parent.allowedProviders)) return "allowed_providers";
  if (!areCovered(child.allowedEndpoints, parent.allowedEndpoints, isUnderPath)) return "allowed_endpoints";
  if (!areCovered(child.allowedIps, parent.allowedIps, isWithin)) return "allowed_ips";
  if (!arePreferencesWithin(child.preferences, parent.preferences)) return "provider_preferences";
  if (!isAtMost(child.expiresAtMs, parent.expiresAtMs)) return "expires_at";
  if (!isBudgetWithin(child.budget, parent.budget)) return "budget";
  for (const [limit, field] of RATE_LIMIT_FIELDS) {
    if (!isAtMost(child.rateLimits[limit] ?? null, parent.rateLimits[limit] ?? null)) return `rate_limits.${field}`;
  }
  return null;
}

const RATE_LIMIT_FIELDS = [
  ["requestsPerMinute", "requests_per_minute"],
  ["tokensPerMinute", "tokens_per_minute"],
  ["concurrentRequests", "concurrent_requests"],
] as const;

function isSubset(child: readonly string[] | null, parent: readonly string[] | null): boolean {
  return areCovered(child, parent, (item, allowed) => allowed.includes(item));
}

function areCovered(
  child: readonly string[] | null,
  parent: readonly string[] | null,
  isCovered: (item: string, allowed: readonly string[]) => boolean,
): boolean {
  return parent === null || (child !== null && child.every((item) => isCovered(item, parent)));
}

function isUnderPath(path: string, allowed: readonly string[]): boolean {
  return allowed.some((prefix) => path === prefix || path.startsWith(`${prefix.replace(/\/$/, "")}/`));
}

function isAtMost(child: number | null, parent: number | null): boolean {
  return parent === null || (child !== null && child <= parent);
}

/** Comparable only within one kind of period: a lifetime bounds every period, nothing else bounds another. */
function isBudgetWithin(child: Budget | null, parent: Budget | null): boolean {
  if (parent === null) return true;
  return child !== null && child.period === parent.period && child.amountNanoUsd <= parent.amountNanoUsd;
}

/** Preferences can restrict in many ways (a data policy, a price), which do not compare: a child has its parent's. */
function arePreferencesWithin(child: ProviderPreferences | null, parent: ProviderPreferences | null): boolean {
  return parent === null || JSON.stringify(child) === JSON.stringify(parent);
}
