import type { Actor } from "@aggregator/contracts/actor";
import type { BudgetView } from "@aggregator/contracts/budgets";
import { type Page, PageQuery } from "@aggregator/contracts/page";
import { type Answer, ok } from "@aggregator/contracts/result";
import { encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { textPosition } from "../db/text-position.ts";
import { parseBudgetId } from "../domain/budget-owner.ts";
import type { Env } from "../env.ts";
import { accountOf } from "./account-of.ts";
import { NO_SUCH_BUDGET } from "./budget-input.ts";

/** The company's budgets with where they stand now, by id. Needs `billing:read`. */
export async function listBudgets(env: Env, actor: Actor, query: unknown): Answer<Page<BudgetView>> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(PageQuery, query);
  if (!parsed.ok) return parsed;
  const { limit, cursor } = parsed.value;
  const budgets = await accountOf(env, actor).budgets(limit + 1, textPosition(cursor) ?? "");
  const last = budgets[limit - 1];
  const nextCursor = budgets.length > limit && last !== undefined ? encodeCursor(last.id) : null;
  return ok({ data: budgets.slice(0, limit), nextCursor });
}

/** One budget; `not_found`. Needs `billing:read`. */
export async function getBudget(env: Env, actor: Actor, id: string): Answer<BudgetView> {
  const allowed = requirePermission(actor, "billing:read");
  if (!allowed.ok) return allowed;
  const name = parseBudgetId(id);
  return name === null ? NO_SUCH_BUDGET : accountOf(env, actor).budget(name);
}
