import type { DayChange, DayTotal } from "../domain/day-total.ts";
import type { Account } from "./account.ts";

/** Days told at a time. */
const BATCH = 31;

type DayRow = { day: string; through_seq: number; entries: number; amount: number };

/** Counts entries in the totals of their days, which stand at the same entry as the cells. */
export function countDays(account: Account, changes: readonly DayChange[], throughSeq: number): void {
  const { book, sql } = account;
  for (const { day, entries, amountNanoUsd } of changes) {
    sql.run(
      `INSERT INTO day_total (day, through_seq, entries, amount) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
       through_seq = excluded.through_seq, entries = entries + excluded.entries, amount = amount + excluded.amount`,
      day,
      throughSeq,
      entries,
      amountNanoUsd,
    );
    book.hasUntoldDays = true;
  }
}

/** Days of which D1 has not been told all. */
export function readUntoldDays({ sql }: Account): DayTotal[] {
  const rows = sql.all<DayRow>(
    `SELECT day, through_seq, entries, amount FROM day_total WHERE told_seq < through_seq ORDER BY day LIMIT ${BATCH}`,
  );
  return rows.map((row) => ({
    day: row.day,
    throughSeq: row.through_seq,
    entries: row.entries,
    amountNanoUsd: row.amount,
  }));
}

/** Remembers that D1 has been told. What was counted meanwhile is told the next time. */
export function markDaysTold(account: Account, told: readonly DayTotal[]): void {
  const { book, sql } = account;
  for (const { day, throughSeq } of told) {
    sql.run("UPDATE day_total SET told_seq = ? WHERE day = ? AND told_seq < ?", throughSeq, day, throughSeq);
  }
  book.hasUntoldDays = readUntoldDays(account).length > 0;
}
