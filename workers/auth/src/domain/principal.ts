import type { KeyPolicy, Principal } from "@aggregator/contracts/actor";
import type { FoundKey } from "../db/api-keys.ts";
import type { FoundSession } from "../db/sessions.ts";
import { intersect, permissionsOf } from "./roles.ts";

/** Who a session speaks for: the member, with what its role allows now. */
export function principalOfSession({ session, company, member, membership, custom }: FoundSession): Principal {
  return {
    actor: {
      kind: "member",
      companyId: session.companyId,
      memberId: member.id,
      keyId: null,
      permissions: permissionsOf(membership.role, custom?.permissions ?? null),
      platformAdmin: member.isPlatformAdmin,
    },
    key: null,
    company: { preferences: company.preferences, rateLimits: company.rateLimits },
  };
}

/**
 * Who a key speaks for: its scopes, as far as its maker may do them today. A key never acts for the
 * platform. Null when the maker has left or is locked out; a key that the company kept has no maker.
 */
export function principalOfKey(found: FoundKey, keyHash: string): Principal | null {
  const { key, company, maker, custom } = found;
  const held = key.memberId === null ? key.scopes : heldByMaker(maker, custom);
  if (held === null) return null;
  return {
    actor: {
      kind: "api_key",
      companyId: key.companyId,
      memberId: key.memberId,
      keyId: key.id,
      permissions: intersect(key.scopes, held),
      platformAdmin: false,
    },
    key: keyPolicy(key, keyHash),
    company: { preferences: company.preferences, rateLimits: company.rateLimits },
  };
}

/** Whether a secret is in force: the key is active, not expired, and the secret not rotated away. */
export function isInForce(key: FoundKey["key"], keyHash: string, nowMs: number): boolean {
  const endsAtMs = endOf(key, keyHash);
  return key.isActive && (endsAtMs === null || endsAtMs > nowMs);
}

function heldByMaker(maker: FoundKey["maker"], custom: FoundKey["custom"]) {
  if (maker.role === null || maker.isActive !== true) return null;
  return permissionsOf(maker.role, custom?.permissions ?? null);
}

function keyPolicy(key: FoundKey["key"], keyHash: string): KeyPolicy {
  return {
    keyId: key.id,
    rateLimits: key.rateLimits,
    budget: key.budget,
    allowedModels: key.allowedModels,
    allowedProviders: key.allowedProviders,
    allowedEndpoints: key.allowedEndpoints,
    allowedIps: key.allowedIps,
    expiresAtMs: endOf(key, keyHash),
    preferences: key.preferences,
    cacheMaxAgeSeconds: key.cacheMaxAgeSeconds,
  };
}

/** When this secret of the key ends: the key's expiry or, for a secret rotated away, its grace, whichever is first. */
function endOf(key: FoundKey["key"], keyHash: string): number | null {
  const graceEndsAtMs = keyHash === key.keyHash ? null : key.previousExpiresAtMs;
  const ends = [key.expiresAtMs, graceEndsAtMs].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.min(...ends);
}
