import type { Budget } from "@aggregator/contracts/actor";
import { err, type ErrorValue } from "@aggregator/contracts/result";
import { formatPrice } from "@aggregator/money/usd-decimal";
import { type BudgetOwner, ownerName, ownersOf } from "../domain/budget-owner.ts";
import type { Account } from "./account.ts";
import { heldBy, spentIn } from "./spent.ts";

/** Who wants to spend, and the budget that its key carries itself. */
export interface BudgetSubject {
  readonly keyId: string;
  readonly memberId: string | null;
  readonly keyBudget: Budget | null;
}

type Refusal = { readonly ok: false; readonly error: ErrorValue & { readonly code: "budget_exceeded" } };

/**
 * Whether `addedNanoUsd` more may be held: within the budgets of company, member and key and the key's
 * own, each less what is posted in its period and held. Null when all of them cover it, else
 * `budget_exceeded` naming the first that does not. May store a sum that it had to make; holds nothing.
 */
export function refuseBudget(account: Account, subject: BudgetSubject, addedNanoUsd: number): Refusal | null {
  const { keyBudget, keyId } = subject;
  if (keyBudget !== null) {
    const refused = refuseOne(account, { scope: "key", id: keyId }, keyBudget, addedNanoUsd);
    if (refused !== null) return refused;
  }
  if (account.book.budgets.size === 0) return null;
  for (const owner of ownersOf(subject)) {
    for (const budget of account.book.budgets.get(ownerName(owner)) ?? []) {
      const refused = refuseOne(account, owner, budget, addedNanoUsd);
      if (refused !== null) return refused;
    }
  }
  return null;
}

/** What a budget still admits. May be negative: it can be set below what is spent. */
export function budgetLeft(account: Account, owner: BudgetOwner, budget: Budget): number {
  return budget.amountNanoUsd - spentIn(account, owner, budget.period).nanoUsd - heldBy(account.book, owner);
}

const OWNERS: Readonly<Record<BudgetOwner["scope"], string>> = {
  company: "The company's",
  member: "This member's",
  key: "This key's",
};

function refuseOne(account: Account, owner: BudgetOwner, budget: Budget, addedNanoUsd: number): Refusal | null {
  const left = budgetLeft(account, owner, budget);
  if (addedNanoUsd <= left) return null;
  const span = budget.period === "lifetime" ? "in all" : `per ${budget.period}`;
  const message = `${OWNERS[owner.scope]} budget of ${formatPrice(budget.amountNanoUsd)} USD ${span} has ${formatPrice(Math.max(0, left))} USD left; this request may cost ${formatPrice(addedNanoUsd)} USD more.`;
  return err("budget_exceeded", message);
}
