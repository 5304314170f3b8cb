import type { Actor } from "@aggregator/contracts/actor";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";

const KEY_ID = /^[\w-]{1,64}$/;

/** The account refuses the key from its very next reserve on. Needs `api_keys:manage`; idempotent. */
export async function revokeKey(env: Env, actor: Actor, keyId: string): Answer<void> {
  const allowed = requirePermission(actor, "api_keys:manage");
  if (!allowed.ok) return allowed;
  // What is no id of a key marks nothing: auth then answers `not_found`.
  if (!KEY_ID.test(keyId)) return ok();
  await accountOf(env, actor).revokeKey(keyId);
  return ok();
}
