import type { Account } from "./account.ts";
import { postEntry } from "./post-entry.ts";

/**
 * Opens the account on first use, with the signup credit. The object opens itself rather than being
 * told by registration: no second system can then disagree about whether a company has an account.
 */
export function openAccount(account: Account): void {
  const known = account.sql.first<{ id: number }>("SELECT id FROM account WHERE id = 1");
  if (known !== undefined) return;
  account.sql.run("INSERT INTO account (id, opened_at) VALUES (1, ?)", account.nowMs);
  if (account.config.signupCreditNanoUsd === 0) return;
  postEntry(account, {
    kind: "signup",
    amountNanoUsd: account.config.signupCreditNanoUsd,
    idempotencyKey: "signup",
    detail: { description: "Signup credit" },
  });
}
