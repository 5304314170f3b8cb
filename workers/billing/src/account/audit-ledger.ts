import type { Account } from "./account.ts";
import { readParts } from "./archive/part.ts";
import { checkInvariants } from "./check-invariants.ts";
import type { Sql } from "./sql.ts";

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
  account.book.auditedAtMs = account.nowMs;
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
  for (const step of stepsOf(account, from.seq, throughSeq)) {
    if (step.firstSeq !== seq + 1) faults.push(`entry ${seq + 1} is missing`);
    if (step.closing !== balanceNanoUsd + step.amount)
      faults.push(`the balance after entry ${step.lastSeq} is ${step.closing}, not ${balanceNanoUsd + step.amount}`);
    if (step.firstAtMs < atMs) faults.push(`entry ${step.firstSeq} is older than the one before it`);
    // On from what is stored: one wrong entry is one fault.
    balanceNanoUsd = step.closing;
    spentNanoUsd += step.spent;
    [seq, atMs] = [step.lastSeq, step.lastAtMs];
  }
  return { position: { seq, balanceNanoUsd, spentNanoUsd, atMs }, faults: faults.slice(0, MAX_FAULTS) };
}

/** An entry, or a part of the ledger that lies in R2: its summary stands for its entries. */
interface Step {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly amount: number;
  readonly closing: number;
  readonly spent: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** Steps from one entry on, in order. A part that begins in the stretch is one step, also where it ends beyond. */
function stepsOf({ sql }: Account, afterSeq: number, throughSeq: number): Step[] {
  const parts = readParts(sql, "first_seq > ? AND first_seq <= ? AND restored_at IS NULL", afterSeq, throughSeq);
  const rows = sql.all<EntryRow>(
    `SELECT seq, amount, balance_after, at, key_id FROM entry WHERE seq > ? AND seq <= ? AND NOT EXISTS
     (SELECT 1 FROM archive WHERE last_seq = (SELECT min(last_seq) FROM archive WHERE last_seq >= seq)
      AND restored_at IS NULL)
     ORDER BY seq`,
    afterSeq,
    throughSeq,
  );
  const entries = rows.map((row) => ({
    firstSeq: row.seq,
    lastSeq: row.seq,
    amount: row.amount,
    closing: row.balance_after,
    spent: row.key_id === null ? 0 : -row.amount,
    firstAtMs: row.at,
    lastAtMs: row.at,
  }));
  const summaries = parts.map(({ firstSeq, lastSeq, closingNanoUsd, spentNanoUsd, firstAtMs, lastAtMs, sums }) => ({
    firstSeq,
    lastSeq,
    amount: sums.reduce((sum, { amountNanoUsd }) => sum + amountNanoUsd, 0),
    closing: closingNanoUsd,
    spent: spentNanoUsd,
    firstAtMs,
    lastAtMs,
  }));
  return [...entries, ...summaries].toSorted((a, b) => a.firstSeq - b.firstSeq);
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
  const entries = sql.first<RequestEntries>(
    `SELECT sum(-amount) AS charged, min(seq) AS first, max(at) AS last_at, max(ends_request) AS ends
     FROM entry WHERE request_id = ?`,
    id,
  );
  const request = sql.first<{ price: number | null; ended_at: number | null }>(
    "SELECT price, ended_at FROM reservation WHERE id = ?",
    id,
  );
  const charged = entries?.charged ?? 0;
  const price = request?.price ?? null;
  if (charged === price || (entries !== undefined && isParted(sql, entries, request?.ended_at ?? null))) return null;
  return `request ${id} cost ${price ?? "nothing known"}, the entries say ${charged}`;
}

type RequestEntries = { charged: number | null; first: number | null; last_at: number | null; ends: number | null };

/**
 * Whether some of a request's entries are in the archive: it was corrected on a later day than it ended. Either its
 * ending is archived, or that is here and what changed its row last is archived.
 */
function isParted(sql: Sql, entries: RequestEntries, endedAtMs: number | null): boolean {
  const first = entries.first ?? 0;
  if (entries.ends === 0) return hasArchived(sql, "last_seq < ?", first);
  return endedAtMs !== null && endedAtMs > (entries.last_at ?? 0) && hasArchived(sql, "first_seq > ?", first);
}

function hasArchived(sql: Sql, condition: string, seq: number): boolean {
  return (
    sql.first(`SELECT 1 AS one FROM archive WHERE restored_at IS NULL AND ${condition} LIMIT 1`, seq) !== undefined
  );
}
