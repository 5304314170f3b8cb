import { levelOf } from "../domain/low-balance.ts";
import type { Account } from "./account.ts";
import { postEntry } from "./post-entry.ts";

/**
 * Opens the account on first use, with the signup credit. The object opens itself rather than being
 * told by registration: no second system can then disagree about whether a company has an account.
 */
export function openAccount(account: Account): void {
  const known = account.sql.first<{ id: number }>("SELECT id FROM account WHERE id = 1");
  if (known !== undefined) return;
  const { book, config, nowMs, sql } = account;
  // Opening below a threshold is not falling below it.
  book.lowBalanceTold = levelOf(book.lowBalanceThresholds, config.signupCreditNanoUsd);
  sql.run("INSERT INTO account (id, opened_at, low_balance_told) VALUES (1, ?, ?)", nowMs, book.lowBalanceTold);
  if (config.signupCreditNanoUsd === 0) return;
  postEntry(account, {
    kind: "signup",
    amountNanoUsd: config.signupCreditNanoUsd,
    idempotencyKey: "signup",
    detail: { description: "Signup credit" },
  });
}
