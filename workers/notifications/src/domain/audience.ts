import type { CompanyNoticeKind } from "@aggregator/contracts/notifications";

const RUNNERS = ["owner", "admin"];

/** Built-in roles that hear of each kind by e-mail unless the member says otherwise. */
const DEFAULT_ROLES: Readonly<Record<CompanyNoticeKind, readonly string[]>> = {
  low_balance: [...RUNNERS, "billing"],
  budget_reached: [...RUNNERS, "billing"],
  payment_failed: [...RUNNERS, "billing"],
  payment_received: ["owner", "billing"],
  statement_ready: ["owner", "billing"],
  key_leaked: [...RUNNERS, "developer"],
  credential_quarantined: [...RUNNERS, "developer"],
};

/** Whether a role gets e-mails of a kind by default. */
export function isToldByDefault(role: string, kind: CompanyNoticeKind): boolean {
  return DEFAULT_ROLES[kind].includes(role);
}

export interface Listener {
  readonly email: string;
  readonly role: string;
  /** The member's own choice; null: none made. */
  readonly choice: boolean | null;
}

/** Addresses that are told of a notice of the company, each once. */
export function audienceOf(kind: CompanyNoticeKind, listeners: readonly Listener[]): string[] {
  const told = listeners.filter(({ role, choice }) => choice ?? isToldByDefault(role, kind));
  return [...new Set(told.map(({ email }) => email.toLowerCase()))];
}
