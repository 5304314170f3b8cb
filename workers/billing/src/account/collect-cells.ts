import type { RequestRecord } from "@aggregator/contracts/request-record";
import type { UsageCell } from "@aggregator/contracts/usage-events";
import { addToCell, type CellDimensions, emptyCell, hourOf } from "../domain/usage-cell.ts";
import { changesByDay, type DayChange } from "../domain/day-total.ts";
import type { Account } from "./account.ts";
import { countDays } from "./day-totals.ts";
import { ownJson } from "./load-book.ts";
import { countSpendings, type Spending } from "./spent.ts";

/** Entries of one message: a message of so many cells stays under the queue's 128 KB. */
const BATCH = 100;

export interface CollectedCells {
  readonly cells: readonly UsageCell[];
  /** The same charges one by one, for budgets. */
  readonly spendings: readonly Spending[];
  /** All entries by day, for the daily totals. */
  readonly days: readonly DayChange[];
  /** Ledger position up to which the cells count. */
  readonly throughSeq: number;
}

type EntryRow = {
  seq: number;
  amount: number;
  cost: number;
  at: number;
  key_id: string | null;
  member_id: string | null;
  endpoint: string;
  provider: string;
  model: string;
  status: number;
  ends_request: number;
  record: string | null;
};

/**
 * The usage cells changed by the next ledger entries that analytics has not been told of: the stored
 * totals with those entries counted in. Reads only; null when there is nothing to tell. Folding the
 * same entries again gives the same totals, which is what makes the outbox safe to repeat.
 */
export function collectCells(account: Account): CollectedCells | null {
  const rows = account.sql.all<EntryRow>(
    `SELECT entry.seq, entry.amount, entry.cost, entry.at, entry.key_id, entry.member_id, entry.endpoint,
            entry.provider, entry.model, entry.status, entry.ends_request, reservation.record
     FROM entry LEFT JOIN reservation ON reservation.id = entry.request_id
     WHERE entry.seq > ? ORDER BY entry.seq LIMIT ${BATCH}`,
    account.book.exportedSeq,
  );
  const last = rows.at(-1);
  if (last === undefined) return null;
  const cells = new Map<string, UsageCell>();
  const spendings: Spending[] = [];
  for (const row of rows) {
    if (row.key_id === null) continue;
    const dimensions = dimensionsOf(row, row.key_id);
    const name = JSON.stringify(dimensions);
    const before = cells.get(name) ?? readCell(account, dimensions) ?? emptyCell(dimensions);
    const change = {
      ended: row.ends_request === 1,
      costNanoUsd: row.cost,
      priceNanoUsd: row.amount === 0 ? 0 : -row.amount,
      record: row.record === null ? null : ownJson<RequestRecord>(row.record),
    };
    cells.set(name, addToCell(before, change, row.seq));
    spendings.push({
      keyId: row.key_id,
      memberId: row.member_id,
      atMs: row.at,
      priceNanoUsd: change.priceNanoUsd,
    });
  }
  return { cells: [...cells.values()], spendings, days: changesByDay(rows), throughSeq: last.seq };
}

/** Stores what analytics has been told. After a crash in between, the same entries are folded and sent again. */
export function storeCells(account: Account, collected: CollectedCells): void {
  for (const cell of collected.cells) {
    account.sql.run(
      // No REPLACE: it would write the index on the hour again each time.
      `INSERT INTO cell (key_id, hour_ms, model, provider, endpoint, status, member_id, price, totals)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET price = excluded.price, totals = excluded.totals`,
      cell.key_id,
      cell.hour_ms,
      cell.model,
      cell.provider,
      cell.endpoint,
      cell.status,
      cell.member_id ?? "",
      cell.price_nano_usd,
      JSON.stringify(cell),
    );
  }
  countSpendings(account, collected.spendings);
  countDays(account, collected.days, collected.throughSeq);
  const oldestOpenId = [...account.book.open.keys()].reduce(
    (oldest, id) => (id < oldest ? id : oldest),
    idFloor(account.nowMs),
  );
  account.sql.run(
    "UPDATE account SET exported_seq = ?, oldest_open_id = ? WHERE id = 1",
    collected.throughSeq,
    oldestOpenId,
  );
  account.book.exportedSeq = collected.throughSeq;
  account.book.oldestOpenId = oldestOpenId;
}

function dimensionsOf(row: EntryRow, keyId: string): CellDimensions {
  return {
    hour_ms: hourOf(row.at),
    key_id: keyId,
    member_id: row.member_id,
    model: row.model,
    provider: row.provider,
    endpoint: row.endpoint,
    status: row.status,
  };
}

function readCell(account: Account, dimensions: CellDimensions): UsageCell | undefined {
  const row = account.sql.first<{ totals: string }>(
    `SELECT totals FROM cell WHERE key_id = ? AND hour_ms = ? AND model = ? AND provider = ? AND endpoint = ?
     AND status = ? AND member_id = ?`,
    dimensions.key_id,
    dimensions.hour_ms,
    dimensions.model,
    dimensions.provider,
    dimensions.endpoint,
    dimensions.status,
    dimensions.member_id ?? "",
  );
  return row === undefined ? undefined : ownJson<UsageCell>(row.totals);
}

/** Requests made some minutes ago may still be on their way here; the restart scan begins before them. */
const ARRIVAL_SLACK_MS = 600_000;

function idFloor(nowMs: number): string {
  const hex = Math.max(0, nowMs - ARRIVAL_SLACK_MS)
    .toString(16)
    .padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
