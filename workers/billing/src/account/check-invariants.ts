import { err, ok, type Result } from "@aggregator/contracts/result";
import type { Account } from "./account.ts";
import { archivedThrough } from "./archive/part.ts";
import { DISPUTED } from "./post-total.ts";

/** Entries checked for an unbroken chain of balances: a sample, so that the check costs the same at any size. */
const CHAIN_SAMPLE = 100;

/**
 * The account's books against its rows: held = Σ open holds, balance = last entry, an unbroken chain
 * of balances, every amount a safe integer. Returns what is broken, in words for an operator; empty
 * when all holds. Reads only.
 */
export function checkInvariants(account: Account): string[] {
  const { book, sql } = account;
  const broken: string[] = [];
  const open = sql.first<{ held: number | null; count: number }>(
    "SELECT sum(hold) AS held, count(*) AS count FROM reservation WHERE id >= ? AND state = 'held'",
    book.oldestOpenId,
  );
  if ((open?.held ?? 0) !== book.heldNanoUsd) broken.push(`held is ${book.heldNanoUsd}, rows say ${open?.held ?? 0}`);
  if ((open?.count ?? 0) !== book.open.size) broken.push(`${book.open.size} open, rows say ${open?.count ?? 0}`);
  if (book.heldNanoUsd < 0) broken.push("held is negative");
  const chain = sql.all<{ seq: number; amount: number; balance_after: number }>(
    `SELECT seq, amount, balance_after FROM entry WHERE seq > ? ORDER BY seq DESC LIMIT ${CHAIN_SAMPLE}`,
    archivedThrough(sql),
  );
  const newest = chain[0];
  if ((newest?.seq ?? 0) !== book.lastSeq)
    broken.push(`last entry is ${newest?.seq ?? 0}, memory says ${book.lastSeq}`);
  if ((newest?.balance_after ?? 0) !== book.balanceNanoUsd) broken.push("the balance is not the last entry's");
  chain.forEach((entry, index) => {
    const before = chain[index + 1];
    if (before !== undefined && before.balance_after + entry.amount !== entry.balance_after) {
      broken.push(`the chain of balances breaks at entry ${entry.seq}`);
    }
  });
  return broken;
}

/** Freezes the account where its books do not tie. */
export function selfCheck(account: Account): void {
  const broken = checkInvariants(account);
  if (broken.length > 0 && account.book.frozenReason === null) freezeAccount(account, broken.join("; "));
}

/** Stops an account whose books do not tie: no new holds until an operator has looked; running requests still end. */
export function freezeAccount(account: Account, reason: string): void {
  account.sql.run("UPDATE account SET frozen_reason = ? WHERE id = 1", reason.slice(0, 500));
  account.book.frozenReason = reason;
  account.log.error("account.frozen", { company_id: account.companyId, reason });
}

/**
 * Lets an account that the self-check froze admit requests again, once an operator has looked. `conflict` where it
 * is not frozen, where a dispute froze it (that ends with the dispute), and where its books still do not tie.
 */
export function unfreezeAccount(account: Account, reason: string): Result<void> {
  const { book, companyId, log, sql } = account;
  if (book.frozenReason === null) return err("conflict", "This account is not frozen.");
  if (book.frozenReason === DISPUTED) return err("conflict", "A dispute froze this account; it ends with the dispute.");
  const broken = checkInvariants(account);
  if (broken.length > 0) return err("conflict", `The books still do not tie: ${broken.join("; ").slice(0, 300)}.`);
  sql.run("UPDATE account SET frozen_reason = NULL WHERE id = 1");
  book.frozenReason = null;
  log.warn("account.unfrozen", { company_id: companyId, reason });
  return ok();
}
