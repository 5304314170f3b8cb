import { err, ok, type Result } from "@aggregator/contracts/result";
import type { ApiKeyRow } from "../db/api-keys.ts";
import type { UpdateApiKeyInput } from "./key-input.ts";

/** A temporary key lives a day at most. */
const MAX_TEMPORARY_MS = 86_400_000;

type Policy = Pick<
  ApiKeyRow,
  | "rateLimits"
  | "budget"
  | "allowedModels"
  | "allowedProviders"
  | "allowedEndpoints"
  | "allowedIps"
  | "preferences"
  | "cacheMaxAgeSeconds"
  | "expiresAtMs"
>;

export const NO_POLICY: Policy = {
  rateLimits: {},
  budget: null,
  allowedModels: null,
  allowedProviders: null,
  allowedEndpoints: null,
  allowedIps: null,
  preferences: null,
  cacheMaxAgeSeconds: null,
  expiresAtMs: null,
};

/** A key's limits after a change: absent fields stay, null lifts. */
export function changedPolicy(before: Policy, input: Omit<UpdateApiKeyInput, "name" | "scopes">): Policy {
  return {
    rateLimits: pick(input.rate_limits, before.rateLimits) ?? {},
    budget: pick(input.budget, before.budget),
    allowedModels: pick(input.allowed_models, before.allowedModels),
    allowedProviders: pick(input.allowed_providers, before.allowedProviders),
    allowedEndpoints: pick(input.allowed_endpoints, before.allowedEndpoints),
    allowedIps: pick(input.allowed_ips, before.allowedIps),
    preferences: pick(input.provider_preferences, before.preferences),
    cacheMaxAgeSeconds: pick(input.cache_max_age_seconds, before.cacheMaxAgeSeconds),
    expiresAtMs: pick(input.expires_at, before.expiresAtMs),
  };
}

function pick<Value>(sent: Value | null | undefined, before: Value): Value | null {
  return sent === undefined ? before : sent;
}

/** `invalid_request` unless an expiry that is set now lies ahead, and a temporary key has one within a day of its making. */
export function checkExpiry(
  key: { readonly type: "live" | "temporary"; readonly createdAtMs: number; readonly expiresAtMs: number | null },
  isSetNow: boolean,
  nowMs: number,
): Result<void> {
  const { type, createdAtMs, expiresAtMs } = key;
  if (isSetNow && expiresAtMs !== null && expiresAtMs <= nowMs) return refuse("must be in the future");
  if (type === "live") return ok();
  if (expiresAtMs !== null && expiresAtMs - createdAtMs <= MAX_TEMPORARY_MS) return ok();
  return refuse("a temporary key must expire within 24 hours of its making");
}

function refuse(reason: string) {
  return err("invalid_request", `expires_at: ${reason}`, { param: "expires_at" });
}
