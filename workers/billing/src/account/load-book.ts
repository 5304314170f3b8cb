import { type Book, emptyBook, type Opening, type OpenReservation, putOpen, type StoredCheckpoint } from "./book.ts";
import type { BillingConfig } from "../env.ts";
import type { MarkupOverrides } from "../domain/markup.ts";
import { loadBudgets } from "./budgets.ts";
import { loadLots } from "./credit-lots.ts";
import type { AccountPlan } from "./set-plan.ts";
import type { Sql } from "./sql.ts";

type AccountRow = {
  markup_bps: number;
  plan: string | null;
  markup_overrides: string | null;
  frozen_reason: string | null;
  exported_seq: number;
  oldest_open_id: string;
  low_balance_thresholds: string | null;
  low_balance_told: number | null;
  lots_seq: number;
};

export type ReservationRow = {
  id: string;
  state: "held" | "settled" | "released" | "expired";
  key_id: string;
  member_id: string | null;
  created_at: number;
  lease_until: number;
  hold: number;
  markup_bps: number;
  opening: string;
  dispatched: number;
  cancel_requested: number;
  checkpoint: string | null;
  ended_at: number | null;
  ended_by: "proxy" | "sweeper" | null;
  price: number | null;
  cost: number | null;
  record: string | null;
};

/**
 * Derives the account's memory from its rows, as after an eviction or a failed transaction. Reads
 * the last entry and the reservations from the oldest open one on, so the cost does not grow with
 * the ledger.
 */
export function loadBook(sql: Sql, config: Pick<BillingConfig, "lowBalanceNanoUsd">): Book {
  const book = emptyBook();
  book.lowBalanceThresholds = config.lowBalanceNanoUsd === 0 ? [] : [config.lowBalanceNanoUsd];
  const account = sql.first<AccountRow>("SELECT * FROM account WHERE id = 1");
  if (account === undefined) return book;
  book.markupBps = account.markup_bps;
  book.plan = account.plan === null ? null : ownJson<AccountPlan>(account.plan);
  book.markupOverrides = account.markup_overrides === null ? null : ownJson<MarkupOverrides>(account.markup_overrides);
  book.frozenReason = account.frozen_reason;
  book.exportedSeq = account.exported_seq;
  book.oldestOpenId = account.oldest_open_id;
  if (account.low_balance_thresholds !== null) {
    book.lowBalanceThresholds = ownJson<readonly number[]>(account.low_balance_thresholds);
  }
  book.lowBalanceTold = account.low_balance_told;
  book.hasNotices = sql.first("SELECT 1 AS one FROM notice LIMIT 1") !== undefined;
  const last = sql.first<{ seq: number; balance_after: number; at: number }>(
    "SELECT seq, balance_after, at FROM entry ORDER BY seq DESC LIMIT 1",
  );
  book.lastSeq = last?.seq ?? 0;
  book.lastAtMs = last?.at ?? 0;
  book.balanceNanoUsd = last?.balance_after ?? 0;
  const open = sql.all<ReservationRow>(
    "SELECT * FROM reservation WHERE id >= ? AND state = 'held'",
    account.oldest_open_id,
  );
  for (const row of open) putOpen(book, openReservationOf(row));
  for (const { id } of sql.all<{ id: string }>("SELECT id FROM revoked_key")) book.revokedKeys.add(id);
  loadBudgets(sql, book);
  loadLots(sql, book);
  const untoldDay = sql.first("SELECT 1 AS one FROM day_total WHERE told_seq < through_seq LIMIT 1");
  book.hasUntoldDays = untoldDay !== undefined;
  book.lotsSeq = account.lots_seq;
  return book;
}

export function openReservationOf(row: ReservationRow): OpenReservation {
  return {
    id: row.id,
    keyId: row.key_id,
    memberId: row.member_id,
    createdAtMs: row.created_at,
    markupBps: row.markup_bps,
    opening: ownJson<Opening>(row.opening),
    holdNanoUsd: row.hold,
    leaseUntilMs: row.lease_until,
    dispatched: row.dispatched === 1,
    cancelRequested: row.cancel_requested === 1,
    checkpoint: row.checkpoint === null ? null : ownJson<StoredCheckpoint>(row.checkpoint),
  };
}

/** JSON that this object wrote itself into its own row: the one place where its shape is taken on trust. */
export function ownJson<Shape>(text: string): Shape {
  return JSON.parse(text) as Shape;
}
