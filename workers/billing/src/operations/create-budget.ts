import type { Actor } from "@aggregator/contracts/actor";
import type { BudgetView } from "@aggregator/contracts/budgets";
import { type Answer, withChange } from "@aggregator/contracts/result";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { openDatabase } from "../db/client.ts";
import type { Env } from "../env.ts";
import { runOnce } from "../idempotency/run-once.ts";
import { accountOf } from "./account-of.ts";
import { BudgetInput } from "./budget-input.ts";

export interface CreateBudgetRequest {
  readonly input: unknown;
  readonly idempotencyKey: string | null;
  readonly requestId: string;
}

/**
 * Limits what the company, one of its members or one of its keys may spend, from the next request on.
 * Needs `budgets:manage`; `already_exists` when this owner has a budget for this period. An id that is
 * nobody's limits nobody.
 */
export async function createBudget(env: Env, actor: Actor, request: CreateBudgetRequest): Answer<BudgetView> {
  const allowed = requirePermission(actor, "budgets:manage");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(BudgetInput, request.input);
  if (!parsed.ok) return parsed;
  const { scope, scope_id: id = "", period, amount_nano_usd: amount } = parsed.value;
  const once = { ...request, companyId: actor.companyId, route: "createBudget", key: request.idempotencyKey };
  const made = await runOnce(openDatabase(env.DB), once, async () =>
    accountOf(env, actor).addBudget({ scope, id, period }, amount),
  );
  return withChange(made, { before: null, after: { scope, scope_id: id, period, amount_nano_usd: amount } });
}
