import type { BudgetView } from "@aggregator/contracts/budgets";
import { ok, type Result } from "@aggregator/contracts/result";
import { type BudgetName, budgetId } from "../domain/budget-owner.ts";
import type { Account } from "./account.ts";
import type { StoredBudget } from "./book.ts";
import { findBudget } from "./budgets.ts";
import { heldBy, spentIn } from "./spent.ts";

/** The budgets after the id `after`, in the order of their ids. */
export function readBudgets(account: Account, limit: number, after: string): BudgetView[] {
  const budgets = [...account.book.budgets.values()].flat().map((budget) => ({ budget, id: idOf(budget) }));
  return budgets
    .filter(({ id }) => id > after)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, limit)
    .map(({ budget }) => viewOf(account, budget));
}

/** One budget; undefined when there is none. */
export function readBudget(account: Account, name: BudgetName): BudgetView | undefined {
  const budget = findBudget(account.book, name);
  return budget === undefined ? undefined : viewOf(account, budget);
}

/** What became of a budget, as people see it. */
export function viewed(account: Account, result: Result<StoredBudget>): Result<BudgetView> {
  return result.ok ? ok(viewOf(account, result.value)) : result;
}

/** A budget with where it stands now. */
function viewOf(account: Account, budget: StoredBudget): BudgetView {
  const owner = { scope: budget.scope, id: budget.scopeId };
  const spent = spentIn(account, owner, budget.period);
  const held = heldBy(account.book, owner);
  const isLifetime = budget.period === "lifetime";
  return {
    id: idOf(budget),
    scope: budget.scope,
    scope_id: budget.scope === "company" ? null : budget.scopeId,
    period: budget.period,
    amount_nano_usd: budget.amountNanoUsd,
    spent_nano_usd: spent.nanoUsd,
    held_nano_usd: held,
    remaining_nano_usd: Math.max(0, budget.amountNanoUsd - spent.nanoUsd - held),
    period_start: isLifetime ? null : new Date(spent.startMs).toISOString(),
    period_end: isLifetime ? null : new Date(spent.endMs).toISOString(),
    created_at: new Date(budget.createdAtMs).toISOString(),
    updated_at: new Date(budget.updatedAtMs).toISOString(),
  };
}

function idOf({ scope, scopeId, period }: StoredBudget): string {
  return budgetId({ scope, id: scopeId, period });
}
