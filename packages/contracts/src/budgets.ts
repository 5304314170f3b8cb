import type { Actor, Budget } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

export const BUDGET_SCOPES = ["company", "member", "key"] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];
export const BUDGET_PERIODS = ["day", "month", "lifetime"] as const satisfies readonly Budget["period"][];

/** A limit on what a company, one of its members or one of its keys may spend, with where it stands now. */
export interface BudgetView {
  /** Made of what it limits: `company.month`, `key.<id>.day`. */
  readonly id: string;
  readonly scope: BudgetScope;
  /** Id of the member or key; null for the company. */
  readonly scope_id: string | null;
  readonly period: Budget["period"];
  readonly amount_nano_usd: number;
  /** Posted in the present period. */
  readonly spent_nano_usd: number;
  /** Set aside for requests that are running. */
  readonly held_nano_usd: number;
  /** What a new request may still cost at most; never below 0. */
  readonly remaining_nano_usd: number;
  readonly period_start: string | null;
  /** When it begins anew; null for a lifetime budget. */
  readonly period_end: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** When a company is told that its money runs low. */
export interface LowBalanceAlertView {
  /** Ascending. One notice each time that the posted balance falls below one of them. */
  readonly thresholds_nano_usd: readonly number[];
}

/**
 * Budgets, enforced in the transaction that reserves: a request passes all that concern it, or is
 * `budget_exceeded` naming which. A key's own budget, set with the key, is in force beside these.
 */
export interface BudgetsApi {
  listBudgets(context: CallContext, actor: Actor, query: unknown): Answer<Page<BudgetView>>;
  getBudget(context: CallContext, actor: Actor, id: string): Answer<BudgetView>;
  /** `already_exists` when this owner has one for this period. */
  createBudget(context: CallContext, actor: Actor, input: unknown, idempotencyKey: string | null): Answer<BudgetView>;
  updateBudget(
    context: CallContext,
    actor: Actor,
    id: string,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<BudgetView>;
  deleteBudget(context: CallContext, actor: Actor, id: string, idempotencyKey: string | null): Answer<void>;
  lowBalanceAlert(context: CallContext, actor: Actor): Answer<LowBalanceAlertView>;
  setLowBalanceAlert(
    context: CallContext,
    actor: Actor,
    input: unknown,
    idempotencyKey: string | null,
  ): Answer<LowBalanceAlertView>;
}
