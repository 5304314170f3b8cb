import type { Account } from "./account.ts";
import { archivedThrough, type Part, readParts } from "./archive/part.ts";
import type { StoredEntryKind } from "./post-entry.ts";

/** Entries of one `sumEntries`: bounded, so that a statement never holds up requests. */
export const MAX_SUMMED_ENTRIES = 20_000;

/** A stretch of the ledger by position, which is exact where clocks are not: entries after `afterSeq` through `throughSeq`. */
export interface Period {
  readonly afterSeq: number;
  readonly throughSeq: number;
  readonly openingNanoUsd: number;
  readonly closingNanoUsd: number;
  /** When the account was opened: no month before it has a statement. */
  readonly openedAtMs: number;
}

export interface EntrySum {
  readonly kind: StoredEntryKind;
  readonly model: string | null;
  readonly keyId: string | null;
  readonly amountNanoUsd: number;
  readonly entries: number;
}

/** The entries posted from `fromMs` to before `toMs`, with the balances around them. */
export function readPeriod(account: Account, fromMs: number, toMs: number): Period {
  const opening = lastBefore(account, fromMs);
  const closing = lastBefore(account, toMs);
  const opened = account.sql.first<{ opened_at: number }>("SELECT opened_at FROM account WHERE id = 1");
  return {
    afterSeq: opening.seq,
    throughSeq: closing.seq,
    openingNanoUsd: opening.balance_after,
    closingNanoUsd: closing.balance_after,
    openedAtMs: opened?.opened_at ?? account.nowMs,
  };
}

/** Sums by kind, model and key; the caller asks for at most MAX_SUMMED_ENTRIES positions at a time. */
export function sumEntries(account: Account, afterSeq: number, throughSeq: number): EntrySum[] {
  const endSeq = Math.min(throughSeq, afterSeq + MAX_SUMMED_ENTRIES);
  const rows = account.sql.all<{
    kind: StoredEntryKind;
    model: string | null;
    key_id: string | null;
    amount: number;
    entries: number;
  }>(
    `SELECT kind, model, key_id, sum(amount) AS amount, count(*) AS entries FROM entry
     WHERE seq > ? AND seq <= ? AND kind <> 'release' GROUP BY kind, model, key_id`,
    Math.max(afterSeq, archivedThrough(account.sql)),
    endSeq,
  );
  const kept = rows.map((row) => ({
    kind: row.kind,
    model: row.model,
    keyId: row.key_id,
    amountNanoUsd: row.amount,
    entries: row.entries,
  }));
  return [...partsEnding(account, afterSeq, endSeq).flatMap(({ sums }) => sums), ...kept];
}

/** Archived parts count as a whole where they end: days begin and end with parts, and every sum is of days. */
function partsEnding({ sql }: Account, afterSeq: number, throughSeq: number): Part[] {
  return readParts(sql, "last_seq > ? AND last_seq <= ?", afterSeq, throughSeq);
}

export interface StretchSum {
  /** Entries that moved money. */
  readonly entries: number;
  readonly amountNanoUsd: number;
}

/** All entries of a stretch together, at most MAX_SUMMED_ENTRIES positions. */
export function sumStretch(account: Account, afterSeq: number, throughSeq: number): StretchSum {
  const endSeq = Math.min(throughSeq, afterSeq + MAX_SUMMED_ENTRIES);
  const row = account.sql.first<{ entries: number; amount: number | null }>(
    "SELECT count(*) AS entries, sum(amount) AS amount FROM entry WHERE seq > ? AND seq <= ? AND amount <> 0",
    Math.max(afterSeq, archivedThrough(account.sql)),
    endSeq,
  );
  const kept = { entries: row?.entries ?? 0, amountNanoUsd: row?.amount ?? 0 };
  return partsEnding(account, afterSeq, endSeq).reduce(
    (sum, part) => ({
      entries: sum.entries + part.moved,
      amountNanoUsd: sum.amountNanoUsd + part.closingNanoUsd - part.openingNanoUsd,
    }),
    kept,
  );
}

type Position = { seq: number; balance_after: number; at: number };

/** The last entry before a time, by bisection over positions: there is no index on time, and it costs no row. */
function lastBefore(account: Account, atMs: number): Position {
  let found = account.sql.first<Position>(
    "SELECT last_seq AS seq, closing AS balance_after, last_at AS at FROM archive WHERE last_at < ? ORDER BY last_seq DESC LIMIT 1",
    atMs,
  ) ?? { seq: 0, balance_after: 0, at: 0 };
  let low = archivedThrough(account.sql) + 1;
  let high = account.book.lastSeq;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const entry = account.sql.first<Position>(
      "SELECT seq, balance_after, at FROM entry WHERE seq <= ? ORDER BY seq DESC LIMIT 1",
      middle,
    );
    if (entry === undefined || entry.at < atMs) {
      found = entry ?? found;
      low = middle + 1;
    } else {
      high = entry.seq - 1;
    }
  }
  return found;
}
