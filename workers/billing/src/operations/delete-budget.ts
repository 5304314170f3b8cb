import type { Actor } from "@aggregator/contracts/actor";
import type { Answer } from "@aggregator/contracts/result";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { parseBudgetId } from "../domain/budget-owner.ts";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";
import { NO_SUCH_BUDGET } from "./budget-input.ts";

/** Lifts a budget. Needs `budgets:manage`; `not_found`. */
export async function deleteBudget(env: Env, actor: Actor, id: string): Answer<void> {
  const allowed = requirePermission(actor, "budgets:manage");
  if (!allowed.ok) return allowed;
  const name = parseBudgetId(id);
  return name === null ? NO_SUCH_BUDGET : accountOf(env, actor).removeBudget(name);
}
