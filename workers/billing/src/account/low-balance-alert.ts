import { levelOf } from "../domain/low-balance.ts";
import type { Account } from "./account.ts";

/** Sets when the company is told that its money runs low: ascending, none at all to hear nothing. What the balance is below already is not told. */
export function setLowBalanceThresholds(account: Account, thresholds: readonly number[]): void {
  const { book, sql } = account;
  const level = levelOf(thresholds, book.balanceNanoUsd);
  sql.run(
    "UPDATE account SET low_balance_thresholds = ?, low_balance_told = ? WHERE id = 1",
    JSON.stringify(thresholds),
    level,
  );
  book.lowBalanceThresholds = thresholds;
  book.lowBalanceTold = level;
}
