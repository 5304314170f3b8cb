import type { Actor } from "@aggregator/contracts/actor";

/**
 * The company itself, for telling its account that a key has ended, where whoever caused it (GitHub, a
 * member who leaves) has no permission of its own. May do that and nothing else.
 */
export function companyActor(companyId: string): Actor {
  return {
    kind: "member",
    companyId,
    memberId: null,
    keyId: null,
    permissions: ["api_keys:manage"],
    platformAdmin: false,
  };
}
