import { err, ok, type Result } from "@aggregator/contracts/result";
import { type BudgetName, ownerName } from "../domain/budget-owner.ts";
import type { Account } from "./account.ts";
import type { Book, StoredBudget } from "./book.ts";
import type { Sql } from "./sql.ts";

/** They are all read when the account wakes. */
const MAX_BUDGETS = 1_000;

type BudgetRow = {
  scope: StoredBudget["scope"];
  scope_id: string;
  period: StoredBudget["period"];
  amount: number;
  created_at: number;
  updated_at: number;
  told_start: number;
  told_percent: number;
};

/** Puts a budget in force from the next reserve on. `already_exists` for an owner's second of one period. */
export function addBudget(account: Account, name: BudgetName, amountNanoUsd: number): Result<StoredBudget> {
  const { book, nowMs, sql } = account;
  if (findBudget(book, name) !== undefined) {
    return err("already_exists", `There is a budget per ${name.period} for this ${name.scope} already; change it.`);
  }
  if ([...book.budgets.values()].flat().length >= MAX_BUDGETS) {
    return err("invalid_request", `A company has at most ${MAX_BUDGETS} budgets; remove one first.`);
  }
  sql.run(
    "INSERT INTO budget (scope, scope_id, period, amount, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
    name.scope,
    name.id,
    name.period,
    amountNanoUsd,
    nowMs,
    nowMs,
  );
  const budget: StoredBudget = {
    scope: name.scope,
    scopeId: name.id,
    period: name.period,
    amountNanoUsd,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    toldPercent: 0,
    toldStartMs: 0,
  };
  keep(book, budget);
  return ok(budget);
}

/** Changes the amount; `not_found`. Whoever was told of a share of the old amount may be told again. */
export function changeBudget(account: Account, name: BudgetName, amountNanoUsd: number): Result<StoredBudget> {
  const known = findBudget(account.book, name);
  if (known === undefined) return NO_SUCH_BUDGET;
  account.sql.run(
    "UPDATE budget SET amount = ?, updated_at = ?, told_percent = 0 WHERE scope = ? AND scope_id = ? AND period = ?",
    amountNanoUsd,
    account.nowMs,
    name.scope,
    name.id,
    name.period,
  );
  const changed = { ...known, amountNanoUsd, updatedAtMs: account.nowMs, toldPercent: 0 };
  keep(account.book, changed);
  return ok(changed);
}

/** Lifts a budget; `not_found`. What was spent is not forgotten by the ledger. */
export function removeBudget(account: Account, name: BudgetName): Result<void> {
  const { book, sql } = account;
  if (findBudget(book, name) === undefined) return NO_SUCH_BUDGET;
  const key = [name.scope, name.id, name.period] as const;
  sql.run("DELETE FROM budget WHERE scope = ? AND scope_id = ? AND period = ?", ...key);
  const owner = ownerName(name);
  const rest = (book.budgets.get(owner) ?? []).filter(({ period }) => period !== name.period);
  if (rest.length === 0) book.budgets.delete(owner);
  else book.budgets.set(owner, rest);
  return ok();
}

export function findBudget(book: Book, name: BudgetName): StoredBudget | undefined {
  return book.budgets.get(ownerName(name))?.find(({ period }) => period === name.period);
}

/** Reads all budgets into memory. */
export function loadBudgets(sql: Sql, book: Book): void {
  for (const row of sql.all<BudgetRow>("SELECT * FROM budget")) {
    keep(book, {
      scope: row.scope,
      scopeId: row.scope_id,
      period: row.period,
      amountNanoUsd: row.amount,
      createdAtMs: row.created_at,
      updatedAtMs: row.updated_at,
      toldPercent: row.told_percent,
      toldStartMs: row.told_start,
    });
  }
}

/** Puts a budget in memory in place of the one of the same owner and period. */
export function keep(book: Book, budget: StoredBudget): void {
  const owner = ownerName({ scope: budget.scope, id: budget.scopeId });
  const others = (book.budgets.get(owner) ?? []).filter(({ period }) => period !== budget.period);
  book.budgets.set(owner, [...others, budget]);
}

const NO_SUCH_BUDGET = err("not_found", "There is no such budget.");
