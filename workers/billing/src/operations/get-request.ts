import type { Actor } from "@aggregator/contracts/actor";
import type { RequestView } from "@aggregator/contracts/billing";
import type { Answer } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";

/** One request's receipt; `not_found` also for another company's. Needs `requests:read`. */
export async function getRequest(env: Env, actor: Actor, id: string): Answer<RequestView> {
  const allowed = requirePermission(actor, "requests:read");
  if (!allowed.ok) return allowed;
  return accountOf(env, actor).request(id);
}
