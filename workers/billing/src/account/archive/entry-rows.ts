import type { RequestRecord } from "@aggregator/contracts/request-record";
import { ownJson, type ReservationRow } from "../load-book.ts";
import type { Sql, SqlValue } from "../sql.ts";
import type { ArchivedEntry, EntryRow, Part } from "./part.ts";

/**
 * The entries of a stretch with the requests that ended in it, oldest first, as the archive keeps them: without what
 * clients wrote. A file is never written again, so that what is to be forgotten must not get into one.
 */
export function readEntryRows(sql: Sql, firstSeq: number, lastSeq: number): ArchivedEntry[] {
  const entries = sql.all<EntryRow>("SELECT * FROM entry WHERE seq BETWEEN ? AND ? ORDER BY seq", firstSeq, lastSeq);
  const reservations = sql.all<ReservationRow>(
    `SELECT reservation.* FROM entry JOIN reservation ON reservation.id = entry.request_id
     WHERE entry.seq BETWEEN ? AND ? AND reservation.state <> 'held' GROUP BY reservation.id`,
    firstSeq,
    lastSeq,
  );
  const byId = new Map(reservations.map((row) => [row.id, withoutClientWords(row)]));
  return entries.map((entry) => ({ entry, reservation: byId.get(entry.request_id ?? "") ?? null }));
}

function withoutClientWords(row: ReservationRow): ReservationRow {
  if (row.record === null) return row;
  const record = ownJson<RequestRecord>(row.record);
  if (record.clientRequestId === null) return row;
  return { ...row, record: JSON.stringify({ ...record, clientRequestId: null }) };
}

/**
 * Deletes the rows of a part that is remembered, and its requests; a request that was corrected on a later day goes
 * with that day. Entries with an idempotency key stay: they are few, and the key must be known for ever, or a repeat
 * would move money twice.
 */
export function deleteEntryRows(sql: Sql, part: Pick<Part, "firstSeq" | "lastSeq">): void {
  sql.run(
    `DELETE FROM reservation WHERE state <> 'held' AND id IN
     (SELECT request_id FROM entry WHERE seq BETWEEN ? AND ? AND request_id IS NOT NULL)
     AND ended_at <= (SELECT last_at FROM archive ORDER BY last_seq DESC LIMIT 1)`,
    part.firstSeq,
    part.lastSeq,
  );
  sql.run("DELETE FROM entry WHERE seq BETWEEN ? AND ? AND idempotency_key IS NULL", part.firstSeq, part.lastSeq);
}

/** Puts rows back that are not there. */
export function insertEntryRows(sql: Sql, rows: readonly ArchivedEntry[]): void {
  for (const { entry, reservation } of rows) {
    insert(sql, "entry", entry);
    if (reservation !== null) insert(sql, "reservation", reservation);
  }
}

function insert(sql: Sql, table: "entry" | "reservation", row: Readonly<Record<string, SqlValue>>): void {
  const columns = Object.keys(row);
  sql.run(
    `INSERT OR IGNORE INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`,
    ...Object.values(row),
  );
}
