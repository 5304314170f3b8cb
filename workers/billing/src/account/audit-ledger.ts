import type { Account } from "./account.ts";
import { checkInvariants } from "./check-invariants.ts";

/** Entries replayed in one call, so that an audit never holds up requests. */
export const AUDIT_PAGE = 5_000;
/** A ledger with more faults than these needs no longer list of them. */
const MAX_FAULTS = 20;

/** How far a replay has come, and what it has summed up so far. */
export interface AuditPosition {
  readonly seq: number;
  readonly balanceNanoUsd: number;
  /** What requests were charged. */
  readonly spentNanoUsd: number;
  readonly atMs: number;
}

export interface AuditPage {
  readonly position: AuditPosition;
  /** What is wrong, in words for an operator. */
  readonly faults: readonly string[];
  /** Requests whose receipt is not what these entries say: their other entries may be elsewhere. */
  readonly suspects: readonly string[];
  /** Everything that analytics was told has been replayed: `auditEnd` does the rest. */
  readonly isLast: boolean;
}

export interface AuditEnd {
  readonly entries: number;
  readonly balanceNanoUsd: number;
  readonly faults: readonly string[];
}

export const AUDIT_START: AuditPosition = { seq: 0, balanceNanoUsd: 0, spentNanoUsd: 0, atMs: 0 };

/** Replays the next entries from what came before: each must follow from the last, none may be missing. Reads only. */
export function auditEntries(account: Account, from: AuditPosition): AuditPage {
  const throughSeq = Math.min(from.seq + AUDIT_PAGE, account.book.exportedSeq);
  const { position, faults } = replay(account, from, throughSeq);
  return {
    position,
    faults,
    suspects: suspectsIn(account, from.seq, throughSeq),
    isLast: position.seq >= account.book.exportedSeq,
  };
}

/**
 * Replays what is left and compares it with all that the account derives from its ledger: the balance, the holds,
 * what analytics was told, the receipts of requests. In one transaction, so that nothing moves meanwhile.
 */
export function auditEnd(account: Account, from: AuditPosition, suspects: readonly string[]): AuditEnd {
  const { book, sql } = account;
  const told = replay(account, from, book.exportedSeq);
  const cells = sql.first<{ price: number | null }>("SELECT sum(price) AS price FROM cell")?.price ?? 0;
  const rest = replay(account, told.position, book.lastSeq);
  const faults = [...told.faults, ...rest.faults, ...checkInvariants(account)];
  if (cells !== told.position.spentNanoUsd) {
    faults.push(`analytics was told of ${cells} nano-USD, the entries say ${told.position.spentNanoUsd}`);
  }
  if (rest.position.balanceNanoUsd !== book.balanceNanoUsd) {
    faults.push(`the balance is ${book.balanceNanoUsd}, the entries say ${rest.position.balanceNanoUsd}`);
  }
  for (const id of new Set([...suspects, ...suspectsIn(account, from.seq, book.lastSeq)])) {
    const fault = faultOfRequest(account, id);
    if (fault !== null) faults.push(fault);
  }
  return {
    entries: rest.position.seq,
    balanceNanoUsd: rest.position.balanceNanoUsd,
    faults: faults.slice(0, MAX_FAULTS),
  };
}

type EntryRow = { seq: number; amount: number; balance_after: number; at: number; key_id: string | null };

function replay(
  account: Account,
  from: AuditPosition,
  throughSeq: number,
): { position: AuditPosition; faults: string[] } {
  const faults: string[] = [];
  let { seq, balanceNanoUsd, spentNanoUsd, atMs } = from;
  const rows = account.sql.all<EntryRow>(
    "SELECT seq, amount, balance_after, at, key_id FROM entry WHERE seq > ? AND seq <= ? ORDER BY seq",
    from.seq,
    throughSeq,
  );
  for (const row of rows) {
    if (row.seq !== seq + 1) faults.push(`entry ${seq + 1} is missing`);
    if (row.balance_after !== balanceNanoUsd + row.amount)
      faults.push(`the balance after entry ${row.seq} is ${row.balance_after}, not ${balanceNanoUsd + row.amount}`);
    if (row.at < atMs) faults.push(`entry ${row.seq} is older than the one before it`);
    // On from what is stored: one wrong entry is one fault.
    balanceNanoUsd = row.balance_after;
    spentNanoUsd -= row.key_id === null ? 0 : row.amount;
    [seq, atMs] = [row.seq, row.at];
  }
  return { position: { seq, balanceNanoUsd, spentNanoUsd, atMs }, faults: faults.slice(0, MAX_FAULTS) };
}

function suspectsIn({ sql }: Account, afterSeq: number, throughSeq: number): string[] {
  const rows = sql.all<{ id: string }>(
    `SELECT entry.request_id AS id FROM entry LEFT JOIN reservation ON reservation.id = entry.request_id
     WHERE entry.seq > ? AND entry.seq <= ? AND entry.request_id IS NOT NULL
     GROUP BY entry.request_id HAVING sum(-entry.amount) <> coalesce(max(reservation.price), -1) LIMIT ${MAX_FAULTS}`,
    afterSeq,
    throughSeq,
  );
  return rows.map(({ id }) => id);
}

/** Looks at the whole ledger: only for the few whose entries are apart. */
function faultOfRequest({ sql }: Account, id: string): string | null {
  const entries = sql.first<{ charged: number | null }>(
    "SELECT sum(-amount) AS charged FROM entry WHERE request_id = ?",
    id,
  );
  const price = sql.first<{ price: number | null }>("SELECT price FROM reservation WHERE id = ?", id)?.price ?? null;
  const charged = entries?.charged ?? 0;
  return charged === price ? null : `request ${id} cost ${price ?? "nothing known"}, the entries say ${charged}`;
}
