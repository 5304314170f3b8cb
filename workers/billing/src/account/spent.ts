import type { Budget } from "@aggregator/contracts/actor";
import { type BudgetOwner, ownerName, ownersOf } from "../domain/budget-owner.ts";
import { budgetPeriod } from "../domain/budget-period.ts";
import type { Account } from "./account.ts";
import type { Book, Spent } from "./book.ts";
import { ledgerNowMs } from "./post-entry.ts";

/** Which cells and entries are an owner's. */
const OWNED: Readonly<Record<BudgetOwner["scope"], string>> = {
  company: "? = ''",
  member: "member_id = ?",
  key: "key_id = ?",
};

/** A charge as budgets see it. */
export interface Spending {
  readonly keyId: string;
  readonly memberId: string | null;
  readonly atMs: number;
  readonly priceNanoUsd: number;
}

/** What open reservations of an owner hold. */
export function heldBy(book: Book, owner: BudgetOwner): number {
  switch (owner.scope) {
    case "company":
      return book.heldNanoUsd;
    case "member":
      return book.heldByMember.get(owner.id) ?? 0;
    case "key":
      return book.perKey.get(owner.id)?.heldNanoUsd ?? 0;
  }
}

/**
 * What an owner has spent in the present period of a budget: posted charges. Kept in memory from the
 * first question on; a restart reads one row and the entries that analytics has not been told of.
 */
export function spentIn(account: Account, owner: BudgetOwner, period: Budget["period"]): Spent {
  const nowMs = ledgerNowMs(account);
  const name = ownerName(owner);
  const periods = account.book.spent.get(name) ?? new Map<Budget["period"], Spent>();
  const known = periods.get(period);
  if (known !== undefined && nowMs >= known.startMs && nowMs < known.endMs) return known;
  const { startMs, endMs } = budgetPeriod(period, nowMs);
  const uncounted = account.sql.first<{ total: number | null }>(
    `SELECT sum(-amount) AS total FROM entry
     WHERE seq > ? AND at >= ? AND key_id IS NOT NULL AND ${OWNED[owner.scope]}`,
    account.book.exportedSeq,
    startMs,
    owner.id,
  );
  const counted = countedSpend(account, owner, period, startMs);
  const spent: Spent = { startMs, endMs, nanoUsd: counted + (uncounted?.total ?? 0) };
  account.book.spent.set(name, periods.set(period, spent));
  return spent;
}

/** Counts a charge in every budget period that somebody has asked about. */
export function addSpent(
  account: Account,
  subject: { readonly keyId: string; readonly memberId: string | null },
  amountNanoUsd: number,
): void {
  const { book } = account;
  if (book.spent.size === 0) return;
  const nowMs = ledgerNowMs(account);
  for (const owner of ownersOf(subject)) {
    for (const spent of book.spent.get(ownerName(owner))?.values() ?? []) {
      if (nowMs >= spent.startMs && nowMs < spent.endMs) spent.nanoUsd += amountNanoUsd;
    }
  }
}

/** Brings the stored sums up to entries that are being counted in cells: the two stand at the same entry. */
export function countSpendings(account: Account, spendings: readonly Spending[]): void {
  const watched = account.sql.all<{ scope: string; scope_id: string }>("SELECT DISTINCT scope, scope_id FROM spend");
  if (watched.length === 0) return;
  const names = new Set(watched.map(({ scope, scope_id }) => `${scope}/${scope_id}`));
  for (const { owner, dayMs, priceNanoUsd } of perOwnerAndDay(spendings)) {
    if (priceNanoUsd === 0 || !names.has(ownerName(owner))) continue;
    account.sql.run(
      "UPDATE spend SET amount = amount + ? WHERE scope = ? AND scope_id = ? AND start <= ?",
      priceNanoUsd,
      owner.scope,
      owner.id,
      dayMs,
    );
  }
}

/** Every period begins with a day, so that charges of one day are in the same periods. */
function perOwnerAndDay(
  spendings: readonly Spending[],
): Iterable<{ readonly owner: BudgetOwner; readonly dayMs: number; readonly priceNanoUsd: number }> {
  const sums = new Map<string, { owner: BudgetOwner; dayMs: number; priceNanoUsd: number }>();
  for (const { atMs, priceNanoUsd, ...subject } of spendings) {
    const dayMs = budgetPeriod("day", atMs).startMs;
    for (const owner of ownersOf(subject)) {
      const name = `${dayMs}/${ownerName(owner)}`;
      const before = sums.get(name)?.priceNanoUsd ?? 0;
      sums.set(name, { owner, dayMs, priceNanoUsd: before + priceNanoUsd });
    }
  }
  return sums.values();
}

/** What the cells say of a period, kept in one row so that only the first question of a period adds them up. */
function countedSpend(account: Account, owner: BudgetOwner, period: Budget["period"], startMs: number): number {
  const key = [owner.scope, owner.id, period] as const;
  const row = account.sql.first<{ start: number; amount: number }>(
    "SELECT start, amount FROM spend WHERE scope = ? AND scope_id = ? AND period = ?",
    ...key,
  );
  if (row?.start === startMs) return row.amount;
  const cells = account.sql.first<{ total: number | null }>(
    `SELECT sum(price) AS total FROM cell WHERE hour_ms >= ? AND ${OWNED[owner.scope]}`,
    startMs,
    owner.id,
  );
  const amount = cells?.total ?? 0;
  account.sql.run(
    "INSERT OR REPLACE INTO spend (scope, scope_id, period, start, amount) VALUES (?, ?, ?, ?, ?)",
    ...key,
    startMs,
    amount,
  );
  return amount;
}
