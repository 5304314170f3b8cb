import type { Actor } from "@aggregator/contracts/actor";
import type { Answer } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";

/** Asks a running request to stop; it ends well-formed at its next checkpoint. Needs `requests:cancel`. */
export async function cancelRequest(env: Env, actor: Actor, id: string): Answer<void> {
  const allowed = requirePermission(actor, "requests:cancel");
  if (!allowed.ok) return allowed;
  return accountOf(env, actor).cancel(id);
}
