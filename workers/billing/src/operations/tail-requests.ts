import type { Actor } from "@aggregator/contracts/actor";
import type { RequestTail } from "@aggregator/contracts/billing";
import { type Answer, err, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";

/** What ended since a position (null: from now on). Needs `requests:read`. Errors: `permission_denied`, `invalid_request`. */
export async function tailRequests(env: Env, actor: Actor, after: number | null): Answer<RequestTail> {
  const allowed = requirePermission(actor, "requests:read");
  if (!allowed.ok) return allowed;
  if (after !== null && (!Number.isSafeInteger(after) || after < 0)) {
    return err("invalid_request", "after: must be a position that a tail gave", { param: "after" });
  }
  return ok(await accountOf(env, actor).tail(after));
}
