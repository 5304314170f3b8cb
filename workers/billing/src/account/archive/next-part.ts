import { dayOf } from "../../domain/day-total.ts";
import type { Account } from "../account.ts";
import type { EntrySum } from "../read-period.ts";
import { readEntryRows } from "./entry-rows.ts";
import { type ArchivedEntry, archivedThrough, PART_ENTRIES, type Part, readParts } from "./part.ts";

const DAY_MS = 86_400_000;
/** Longer than from one page of an audit to the next. */
const AUDIT_MS = 60_000;

/** A part that is due, without what only its file can tell. */
export interface DuePart {
  readonly part: Omit<Part, "objectKey" | "sha256">;
  readonly rows: readonly ArchivedEntry[];
}

/**
 * The oldest entries that may leave the account, of one day and at most PART_ENTRIES; null when none may. They are
 * older than configured, told to analytics, counted in a daily total that D1 has, and paid from credits that
 * expire, and the account is not frozen; the newest entry always stays, because the balance is read from it. Throws where they do not tie: what
 * is wrong stays where it can be looked at. Where nothing is due it reads two rows.
 */
export function nextPart(account: Account): DuePart | null {
  const { book, companyId, config, nowMs, sql } = account;
  if (config.archiveAfterDays === 0 || book.frozenReason !== null || isAudited(account)) return null;
  const after = archivedThrough(sql);
  const oldest = sql.first<{ at: number }>("SELECT at FROM entry WHERE seq > ? ORDER BY seq LIMIT 1", after);
  if (oldest === undefined) return null;
  const day = dayOf(oldest.at);
  const dayEndMs = Date.parse(day) + DAY_MS;
  if (dayEndMs > nowMs - config.archiveAfterDays * DAY_MS) return null;
  const ofDay = readEntryRows(sql, after + 1, after + PART_ENTRIES + 1).filter(({ entry }) => entry.at < dayEndMs);
  const rows = ofDay.slice(0, lengthOf(ofDay));
  const lastSeq = rows.at(-1)?.entry.seq ?? after;
  if (lastSeq >= book.lastSeq || lastSeq > book.exportedSeq) return null;
  if (book.lots.length > 0 && lastSeq > book.lotsSeq) return null;
  if (sql.first("SELECT 1 AS one FROM day_total WHERE day = ? AND told_seq < through_seq", day) !== undefined)
    return null;
  const opening = readParts(sql, "last_seq = ?", after)[0]?.closingNanoUsd ?? 0;
  const part = summarise(day, opening, rows);
  if (part === null) throw new Error(`entries after ${after} of company ${companyId} do not tie`);
  return { part, rows };
}

/** Rows stay where they are while an operator's audit goes through them, page by page. */
export function isAudited({ book, nowMs }: Account): boolean {
  return nowMs - book.auditedAtMs < AUDIT_MS;
}

/** A charge and its overrun are not parted: they are one request's, one after the other. */
function lengthOf(rows: readonly ArchivedEntry[]): number {
  if (rows.length <= PART_ENTRIES) return rows.length;
  const [last, next] = [rows[PART_ENTRIES - 1]?.entry, rows[PART_ENTRIES]?.entry];
  const isOneRequest = last !== undefined && last.request_id !== null && last.request_id === next?.request_id;
  return isOneRequest ? PART_ENTRIES - 1 : PART_ENTRIES;
}

/** What entries come to; null where one does not follow from the one before it. */
function summarise(
  day: string,
  openingNanoUsd: number,
  rows: readonly ArchivedEntry[],
): Omit<Part, "objectKey" | "sha256"> | null {
  const [first, last] = [rows[0]?.entry, rows.at(-1)?.entry];
  if (first === undefined || last === undefined) return null;
  const sums = new Map<string, EntrySum>();
  let [balance, spentNanoUsd, moved] = [openingNanoUsd, 0, 0];
  for (const [index, { entry }] of rows.entries()) {
    if (entry.seq !== first.seq + index || entry.balance_after !== balance + entry.amount) return null;
    balance = entry.balance_after;
    spentNanoUsd -= entry.key_id === null ? 0 : entry.amount;
    moved += entry.amount === 0 ? 0 : 1;
    if (entry.kind === "release") continue;
    const name = JSON.stringify([entry.kind, entry.model, entry.key_id]);
    const before = sums.get(name);
    sums.set(name, {
      kind: entry.kind,
      model: entry.model,
      keyId: entry.key_id,
      amountNanoUsd: (before?.amountNanoUsd ?? 0) + entry.amount,
      entries: (before?.entries ?? 0) + 1,
    });
  }
  return {
    day,
    firstSeq: first.seq,
    lastSeq: last.seq,
    entries: rows.length,
    moved,
    openingNanoUsd,
    closingNanoUsd: balance,
    spentNanoUsd,
    firstAtMs: first.at,
    lastAtMs: last.at,
    sums: [...sums.values()],
  };
}
