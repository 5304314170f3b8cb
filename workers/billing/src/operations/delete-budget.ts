import type { Actor } from "@aggregator/contracts/actor";
import type { Answer } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { parseBudgetId } from "../domain/budget-owner.ts";
import { openDatabase } from "../db/client.ts";
import type { Env } from "../env.ts";
import { type Keyed, keyedBy, runOnce } from "../idempotency/run-once.ts";
import { accountOf } from "./account-of.ts";
import { NO_SUCH_BUDGET } from "./budget-input.ts";

/** Lifts a budget. Needs `budgets:manage`; `not_found`. */
export async function deleteBudget(env: Env, actor: Actor, id: string, keyed: Keyed): Answer<void> {
  const allowed = requirePermission(actor, "budgets:manage");
  if (!allowed.ok) return allowed;
  const name = parseBudgetId(id);
  if (name === null) return NO_SUCH_BUDGET;
  const once = keyedBy(actor, `deleteBudget/${id}`, null, keyed);
  return runOnce<void>(openDatabase(env.DB), once, async () => accountOf(env, actor).removeBudget(name));
}
