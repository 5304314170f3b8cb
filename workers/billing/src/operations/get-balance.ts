import type { Actor } from "@aggregator/contracts/actor";
import type { BalanceView } from "@aggregator/contracts/billing";
import { type Answer, ok } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";

/** Posted, held and available. Needs `billing:read`. */
export async function getBalance(env: Env, actor: Actor): Answer<BalanceView> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  return ok(await accountOf(env, actor).balance());
}
