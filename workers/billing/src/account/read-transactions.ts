import type { JsonObject } from "@aggregator/contracts/json";
import type { TransactionView } from "@aggregator/contracts/billing";
import type { Page } from "@aggregator/contracts/page";
import type { RequestRecord } from "@aggregator/contracts/request-record";
import { decodeCursor, encodeCursor } from "@aggregator/runtime/cursor";
import type { Account } from "./account.ts";
import type { Opening } from "./book.ts";
import { ownJson } from "./load-book.ts";
import type { StoredEntryKind } from "./post-entry.ts";

/** Entries looked at for one page, so that a run of failed requests cannot make a page expensive. */
const SCAN_LIMIT = 1000;

/** An entry with what is known of its request. */
export type TransactionRow = {
  seq: number;
  kind: StoredEntryKind;
  amount: number;
  balance_after: number;
  at: number;
  request_id: string | null;
  provider: string | null;
  model: string | null;
  detail: string | null;
  opening: string | null;
  record: string | null;
};

/** The position that a page begins before; 0 for a cursor that is none. */
export function positionBefore(cursor: string | undefined): number {
  const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(decodeCursor(cursor));
  return Number.isSafeInteger(before) ? before : 0;
}

/**
 * The ledger after an entry, newest first; `cursor` as given by the page before. Stable while entries are
 * added. A page may hold fewer than `limit` entries and still have a next one.
 */
export function readTransactions(
  account: Account,
  limit: number,
  cursor: string | undefined,
  afterSeq = 0,
): Page<TransactionView> {
  const before = positionBefore(cursor);
  const from = Math.max(afterSeq + 1, Math.min(before, account.book.lastSeq + 1) - SCAN_LIMIT);
  const rows = account.sql.all<TransactionRow>(
    `SELECT entry.seq, entry.kind, entry.amount, entry.balance_after, entry.at, entry.request_id, entry.provider,
            entry.model, entry.detail, reservation.opening, reservation.record
     FROM entry LEFT JOIN reservation ON reservation.id = entry.request_id
     WHERE entry.seq < ? AND entry.seq >= ? AND entry.kind <> 'release' ORDER BY entry.seq DESC LIMIT ?`,
    before,
    from,
    limit,
  );
  const data = rows.flatMap((row) => (row.kind === "release" ? [] : [transactionView(row, row.kind)]));
  const reached = rows.length === limit ? rows.at(-1)?.seq : from;
  const nextCursor = reached === undefined || reached <= 1 ? null : encodeCursor(reached);
  return { data, nextCursor };
}

/** An entry as the company sees it. */
export function transactionView(row: TransactionRow, kind: TransactionView["kind"]): TransactionView {
  const detail = row.detail === null ? {} : ownJson<JsonObject>(row.detail);
  const { description, ...rest } = detail;
  return {
    id: `txn_${row.seq}`,
    request_id: row.request_id,
    kind,
    amount_nano_usd: row.amount,
    balance_after_nano_usd: row.balance_after,
    created_at: new Date(row.at).toISOString(),
    description: typeof description === "string" ? description : descriptionOf(kind, row.model),
    provider: row.provider,
    model: row.model,
    metadata: { ...requestMetadata(row), ...rest },
  };
}

function requestMetadata(row: TransactionRow): JsonObject {
  if (row.opening === null) return {};
  const { subject } = ownJson<Opening>(row.opening);
  const record = row.record === null ? null : ownJson<RequestRecord>(row.record);
  return {
    requested_model: subject.requestedModel,
    endpoint: subject.endpoint,
    price_version: record?.priceVersion ?? subject.priceVersion,
    ...(record?.usage === null || record === null ? {} : { usage_classes: record.usage }),
    ...(record?.usageQuality === "clamped" ? { usage: "clamped" } : {}),
    ...(record?.usageQuality === "estimated" ? { usage: "estimated", estimated: true } : {}),
    ...(record?.credentialOwner === "company" ? { credential_owner: "company" } : {}),
    ...(record?.minimumApplied === true ? { minimum_applied: true } : {}),
    ...(record?.clientDisconnected === true ? { client_disconnected: true } : {}),
  };
}

function descriptionOf(kind: TransactionView["kind"], model: string | null): string {
  switch (kind) {
    case "charge":
      return `Request to ${model ?? "a model"}`;
    case "overrun":
      return `Part of a request to ${model ?? "a model"} beyond its hold`;
    case "signup":
      return "Signup credit";
    case "credit":
      return "Credit";
    case "refund":
      return "Refund";
    case "dispute":
      return "Dispute";
    case "commission":
      return "Referral commission";
    case "adjustment":
      return "Adjustment";
    case "expiry":
      return "Expired credit";
  }
}
