import type { EntrySum } from "../read-period.ts";
import { ownJson, type ReservationRow } from "../load-book.ts";
import type { StoredEntryKind } from "../post-entry.ts";
import type { Sql } from "../sql.ts";

/** Entries of one part: bounds the memory, the object in R2 and the transaction that deletes them. */
export const PART_ENTRIES = 2_000;

/** An entry as it is stored. */
export type EntryRow = {
  seq: number;
  kind: StoredEntryKind;
  amount: number;
  balance_after: number;
  cost: number;
  at: number;
  request_id: string | null;
  key_id: string | null;
  member_id: string | null;
  endpoint: string | null;
  provider: string | null;
  model: string | null;
  status: number | null;
  ends_request: number;
  idempotency_key: string | null;
  detail: string | null;
};

/** One line of the archive: an entry with the request that it belongs to, null where it belongs to none. */
export interface ArchivedEntry {
  readonly entry: EntryRow;
  readonly reservation: ReservationRow | null;
}

/** What the account keeps of entries that are in R2: enough for every sum, and to know the file again. */
export interface Part {
  /** `2026-11-23`, UTC. */
  readonly day: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly entries: number;
  /** Entries that moved money. */
  readonly moved: number;
  readonly openingNanoUsd: number;
  readonly closingNanoUsd: number;
  /** What requests were charged. */
  readonly spentNanoUsd: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** By kind, model and key. */
  readonly sums: readonly EntrySum[];
  readonly objectKey: string;
  /** Of the lines of entries. */
  readonly sha256: string;
}

type PartRow = {
  last_seq: number;
  first_seq: number;
  day: string;
  entries: number;
  moved: number;
  opening: number;
  closing: number;
  spent: number;
  first_at: number;
  last_at: number;
  sums: string;
  object_key: string;
  sha256: string;
};

/** The last entry that has been archived; 0 when none has. Later entries are rows, all of them. */
export function archivedThrough(sql: Sql): number {
  return sql.first<{ seq: number | null }>("SELECT max(last_seq) AS seq FROM archive")?.seq ?? 0;
}

/** Parts by a condition on their row, oldest first. */
export function readParts(sql: Sql, condition: string, ...bindings: (string | number)[]): Part[] {
  const rows = sql.all<PartRow>(`SELECT * FROM archive WHERE ${condition} ORDER BY last_seq`, ...bindings);
  return rows.map((row) => ({
    day: row.day,
    firstSeq: row.first_seq,
    lastSeq: row.last_seq,
    entries: row.entries,
    moved: row.moved,
    openingNanoUsd: row.opening,
    closingNanoUsd: row.closing,
    spentNanoUsd: row.spent,
    firstAtMs: row.first_at,
    lastAtMs: row.last_at,
    sums: ownJson<EntrySum[]>(row.sums),
    objectKey: row.object_key,
    sha256: row.sha256,
  }));
}

/** Remembers a part. Throws where it is remembered already. */
export function insertPart(sql: Sql, part: Part): void {
  sql.run(
    `INSERT INTO archive (last_seq, first_seq, day, entries, moved, opening, closing, spent, first_at, last_at, sums,
                          object_key, sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    part.lastSeq,
    part.firstSeq,
    part.day,
    part.entries,
    part.moved,
    part.openingNanoUsd,
    part.closingNanoUsd,
    part.spentNanoUsd,
    part.firstAtMs,
    part.lastAtMs,
    JSON.stringify(part.sums),
    part.objectKey,
    part.sha256,
  );
}
