import type { Actor, KeyPolicy, Principal } from "@aggregator/contracts/actor";
import { PERMISSIONS } from "@aggregator/contracts/permissions";

export const MEMBER: Actor = {
  kind: "member",
  companyId: "company-1",
  memberId: "member-1",
  keyId: null,
  permissions: PERMISSIONS,
  platformAdmin: false,
};

export const POLICY: KeyPolicy = {
  keyId: "key-1",
  rateLimits: {},
  budget: null,
  allowedModels: null,
  allowedProviders: null,
  allowedEndpoints: null,
  allowedIps: null,
  expiresAtMs: null,
  preferences: null,
  cacheMaxAgeSeconds: null,
};

export function memberPrincipal(actor: Partial<Actor> = {}): Principal {
  return { actor: { ...MEMBER, ...actor }, key: null, company: { preferences: null, rateLimits: {} } };
}

export function keyPrincipal(policy: Partial<KeyPolicy> = {}): Principal {
  return {
    actor: { ...MEMBER, kind: "api_key", keyId: "key-1" },
    key: { ...POLICY, ...policy },
    company: { preferences: null, rateLimits: {} },
  };
}

let made = 0;

/** A token that no test used before, so that the isolate's cache does not know it. */
export function newKey(): string {
  made += 1;
  return `ag_live_${String(made).padStart(40, "0")}`;
}
