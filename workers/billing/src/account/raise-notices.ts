import { type Notice, NOTICE_MESSAGE_VERSION } from "@aggregator/contracts/notices";
import { budgetId } from "../domain/budget-owner.ts";
import { crossedThreshold, levelOf, reachedShare } from "../domain/low-balance.ts";
import type { Account } from "./account.ts";
import { availableNanoUsd, type StoredBudget } from "./book.ts";
import { keep } from "./budgets.ts";
import { spentIn } from "./spent.ts";

type AccountNotice = Extract<Notice, { kind: "low_balance" | "budget_reached" }>;

/**
 * Writes down what the company is to hear of: a balance that fell below a threshold, a budget of which a
 * share is spent; each once. With the notice goes what was told, in one transaction, so that no crash
 * repeats or loses it. The balance is the posted one: holds come and go and would tell of every request.
 */
export function raiseNotices(account: Account): void {
  raiseLowBalance(account);
  // A budget that nobody has asked about since the account woke has not been spent from either.
  for (const owner of account.book.spent.keys()) {
    for (const budget of account.book.budgets.get(owner) ?? []) raiseBudget(account, budget);
  }
}

function raiseLowBalance(account: Account): void {
  const { book, sql } = account;
  const level = levelOf(book.lowBalanceThresholds, book.balanceNanoUsd);
  const told = book.lowBalanceTold;
  if (level === told) return;
  sql.run("UPDATE account SET low_balance_told = ? WHERE id = 1", level);
  book.lowBalanceTold = level;
  const crossed = crossedThreshold(told, level);
  if (crossed === null) return;
  store(account, `low-balance.${account.companyId}.${book.lastSeq}`, {
    kind: "low_balance",
    data: { available_nano_usd: availableNanoUsd(book), threshold_nano_usd: crossed },
  });
}

function raiseBudget(account: Account, budget: StoredBudget): void {
  const { scope, scopeId, period, amountNanoUsd } = budget;
  const spent = spentIn(account, { scope, id: scopeId }, period);
  const toldPercent = budget.toldStartMs === spent.startMs ? budget.toldPercent : 0;
  const percent = reachedShare(spent.nanoUsd, amountNanoUsd, toldPercent);
  if (percent === null) return;
  account.sql.run(
    "UPDATE budget SET told_percent = ?, told_start = ? WHERE scope = ? AND scope_id = ? AND period = ?",
    percent,
    spent.startMs,
    scope,
    scopeId,
    period,
  );
  keep(account.book, { ...budget, toldPercent: percent, toldStartMs: spent.startMs });
  const id = budgetId({ scope, id: scopeId, period });
  store(account, `budget.${account.companyId}.${id}.${account.book.lastSeq}`, {
    kind: "budget_reached",
    data: {
      scope,
      scope_id: scope === "company" ? account.companyId : scopeId,
      name: id,
      period,
      spent_nano_usd: spent.nanoUsd,
      budget_nano_usd: amountNanoUsd,
      percent,
    },
  });
}

function store(account: Account, id: string, told: Pick<AccountNotice, "kind" | "data">): void {
  const { book, companyId, nowMs, sql } = account;
  const base = { version: NOTICE_MESSAGE_VERSION, type: "notice", id, company_id: companyId, occurred_at_ms: nowMs };
  sql.run("INSERT OR IGNORE INTO notice (id, body) VALUES (?, ?)", id, JSON.stringify({ ...base, ...told }));
  book.hasNotices = true;
}
