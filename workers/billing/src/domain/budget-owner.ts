import type { Budget } from "@aggregator/contracts/actor";
import type { BudgetScope } from "@aggregator/contracts/budgets";

/** Who is limited. The company itself has the empty id. */
export interface BudgetOwner {
  readonly scope: BudgetScope;
  readonly id: string;
}

export interface BudgetName extends BudgetOwner {
  readonly period: Budget["period"];
}

const NAME = /^(?:(company)|(member|key)\.([A-Za-z0-9_-]{1,40}))\.(day|month|lifetime)$/;

/** One name for an owner, for maps: a scope never contains a slash. */
export function ownerName({ scope, id }: BudgetOwner): string {
  return `${scope}/${id}`;
}

/** The public id of a budget, such as `company.month` or `key.0190….day`: an owner has one for each period. */
export function budgetId({ scope, id, period }: BudgetName): string {
  return scope === "company" ? `company.${period}` : `${scope}.${id}.${period}`;
}

/** What a public id names; null for what is none. */
export function parseBudgetId(text: string): BudgetName | null {
  const match = NAME.exec(text);
  if (match === null) return null;
  const period = match[4] as BudgetName["period"];
  return match[1] === undefined
    ? { scope: match[2] as "member" | "key", id: match[3] ?? "", period }
    : { scope: "company", id: "", period };
}

/** Whose money a request spends: the company's, its key's and, when a member made the key, the member's. */
export function ownersOf(subject: { readonly keyId: string; readonly memberId: string | null }): BudgetOwner[] {
  const company: BudgetOwner = { scope: "company", id: "" };
  const key: BudgetOwner = { scope: "key", id: subject.keyId };
  return subject.memberId === null ? [company, key] : [company, { scope: "member", id: subject.memberId }, key];
}
