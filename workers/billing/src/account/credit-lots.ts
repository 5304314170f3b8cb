import { type CreditLot, lapseLots, soonestFirst, spendLots } from "../domain/credit-lot.ts";
import type { Account } from "./account.ts";
import type { Book } from "./book.ts";
import { postEntry } from "./post-entry.ts";
import type { Sql } from "./sql.ts";

/** Entries looked at in one statement. */
const BATCH = 1_000;

/** Remembers that a credit expires. Charges before it are not paid from it. */
export function addLot(account: Account, lot: CreditLot): void {
  const { book, sql } = account;
  if (book.lots.length === 0) standAt(account, lot.seq);
  sql.run("INSERT INTO lot (seq, expires_at, amount) VALUES (?, ?, ?)", lot.seq, lot.expiresAtMs, lot.leftNanoUsd);
  book.lots = soonestFirst([...book.lots, lot]);
}

/**
 * Pays what was charged since the last time from the credits that expire, soonest first. Not at settlement:
 * a request then writes no row more, and nothing depends on it before a credit lapses.
 */
export function payFromLots(account: Account): void {
  const { book, sql } = account;
  if (book.lots.length === 0 || book.lotsSeq >= book.lastSeq) return;
  let lots: readonly CreditLot[] = book.lots;
  for (let after = book.lotsSeq; after < book.lastSeq; after += BATCH) {
    const charges = sql.all<{ seq: number; amount: number }>(
      `SELECT seq, amount FROM entry
       WHERE seq > ? AND seq <= ? AND amount < 0 AND kind IN ('charge', 'overrun', 'adjustment') ORDER BY seq`,
      after,
      after + BATCH,
    );
    lots = spendLots(
      lots,
      charges.map(({ seq, amount }) => ({ seq, amountNanoUsd: -amount })),
    );
  }
  const before = new Map(book.lots.map((lot) => [lot.seq, lot.leftNanoUsd]));
  for (const lot of lots) if (lot.leftNanoUsd !== before.get(lot.seq)) storeLeft(account, lot.seq, lot.leftNanoUsd);
  book.lots = lots.filter(({ leftNanoUsd }) => leftNanoUsd > 0);
  standAt(account, book.lastSeq);
}

/**
 * Takes what is left of credits whose time is over from the balance, as `expiry` entries. Run before every
 * operation, so that none sees money that is gone, however late the alarm is; where nothing lapses it
 * looks at memory only.
 */
export function expireLots(account: Account): void {
  const { book, nowMs } = account;
  if (!isDue(account)) return;
  payFromLots(account);
  const lapses = lapseLots(book.lots, { nowMs, balanceNanoUsd: book.balanceNanoUsd, heldNanoUsd: book.heldNanoUsd });
  for (const { lot, expiredNanoUsd, keptNanoUsd } of lapses) {
    if (keptNanoUsd !== lot.leftNanoUsd) storeLeft(account, lot.seq, keptNanoUsd);
    if (expiredNanoUsd === 0) continue;
    postEntry(account, { kind: "expiry", amountNanoUsd: -expiredNanoUsd, detail: { credit: `txn_${lot.seq}` } });
  }
  const kept = new Map(lapses.map(({ lot, keptNanoUsd }) => [lot.seq, keptNanoUsd]));
  book.lots = book.lots
    .map((lot) => ({ ...lot, leftNanoUsd: kept.get(lot.seq) ?? lot.leftNanoUsd }))
    .filter(({ leftNanoUsd }) => leftNanoUsd > 0);
}

/** When the next credit lapses; Infinity when none does, or when what has lapsed is still held. */
export function nextLapseMs({ lots }: Book, nowMs: number): number {
  return lots.find(({ expiresAtMs }) => expiresAtMs > nowMs)?.expiresAtMs ?? Infinity;
}

/** Reads the credits that expire into memory. */
export function loadLots(sql: Sql, book: Book): void {
  const rows = sql.all<{ seq: number; expires_at: number; amount: number }>(
    "SELECT seq, expires_at, amount FROM lot ORDER BY expires_at, seq",
  );
  book.lots = rows.map((row) => ({ seq: row.seq, expiresAtMs: row.expires_at, leftNanoUsd: row.amount }));
}

/** A credit has lapsed of which something is not held by running requests. */
function isDue({ book, nowMs }: Account): boolean {
  const soonest = book.lots[0];
  if (soonest === undefined || soonest.expiresAtMs > nowMs) return false;
  const lapsed = book.lots.filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
  return lapsed.reduce((sum, { leftNanoUsd }) => sum + leftNanoUsd, 0) > book.heldNanoUsd;
}

function storeLeft({ sql }: Account, seq: number, leftNanoUsd: number): void {
  if (leftNanoUsd === 0) sql.run("DELETE FROM lot WHERE seq = ?", seq);
  else sql.run("UPDATE lot SET amount = ? WHERE seq = ?", leftNanoUsd, seq);
}

function standAt({ book, sql }: Account, seq: number): void {
  sql.run("UPDATE account SET lots_seq = ? WHERE id = 1", seq);
  book.lotsSeq = seq;
}
