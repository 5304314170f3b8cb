import type { Permission } from "./permissions.ts";
import type { ProviderPreferences } from "./provider-preferences.ts";

/**
 * Who acts. Every operation takes one and reads the company from it, never from input, so that a
 * tenant cannot name another's row.
 */
export interface Actor {
  readonly kind: "member" | "api_key";
  readonly companyId: string;
  /** The member that acts, or for a key the member that made it. */
  readonly memberId: string | null;
  readonly keyId: string | null;
  readonly permissions: readonly Permission[];
  /** Platform operator: may use `/v1/admin/*`. No API grants it. */
  readonly platformAdmin: boolean;
}

/** Limits enforced by the company's account in the same transaction as the balance; absent = unlimited. */
export interface RateLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly concurrentRequests?: number;
}

export interface Budget {
  readonly amountNanoUsd: number;
  /** Calendar day or month in UTC, or the lifetime of the key. */
  readonly period: "day" | "month" | "lifetime";
}

/** What limits a key beyond its permissions. `null` = no restriction. */
export interface KeyPolicy {
  readonly keyId: string;
  readonly rateLimits: RateLimits;
  readonly budget: Budget | null;
  readonly allowedModels: readonly string[] | null;
  readonly allowedProviders: readonly string[] | null;
  /** Path prefixes of the data plane, such as `/v1/chat/completions`. */
  readonly allowedEndpoints: readonly string[] | null;
  /** CIDR blocks. */
  readonly allowedIps: readonly string[] | null;
  readonly expiresAtMs: number | null;
  readonly preferences: ProviderPreferences | null;
  /** Exact response cache: maximum age, null = off. */
  readonly cacheMaxAgeSeconds: number | null;
}

/** An authenticated caller of the data or management plane. */
export interface Principal {
  readonly actor: Actor;
  readonly key: KeyPolicy | null;
  readonly company: {
    readonly preferences: ProviderPreferences | null;
    readonly rateLimits: RateLimits;
  };
}
