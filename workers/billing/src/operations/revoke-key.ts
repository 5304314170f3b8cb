import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";

/** The account refuses the key from its very next reserve on. Needs `api_keys:manage`; idempotent. */
export async function revokeKey(env: Env, actor: Actor, keyId: string): Answer<void> {
  const allowed = requirePermission(actor, "api_keys:manage");
  if (!allowed.ok) return allowed;
  await accountOf(env, actor).revokeKey(keyId);
  return ok();
}
