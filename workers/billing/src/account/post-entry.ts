import type { JsonObject } from "@aggregator/contracts/json";
import type { EntryKind } from "@aggregator/contracts/billing";
import type { RequestRecord } from "@aggregator/contracts/request-record";
import { addNanoUsd } from "@aggregator/money/nano-usd";
import type { Account } from "./account.ts";
import type { OpenReservation } from "./book.ts";

/** `release` ends a request that cost nothing: told to analytics, not shown as a transaction. */
export type StoredEntryKind = EntryKind | "release";

/** The request that an entry belongs to; fixed when the entry is posted, so that folding it again gives the same cell. */
export interface EntryRequest {
  readonly id: string;
  readonly keyId: string;
  readonly memberId: string | null;
  readonly endpoint: string;
  readonly provider: string;
  readonly model: string;
  readonly status: number;
  /** True for the one entry that counts the request. */
  readonly ends: boolean;
}

export interface NewEntry {
  readonly kind: StoredEntryKind;
  /** Signed: charges negative. */
  readonly amountNanoUsd: number;
  /** What the provider takes for it. */
  readonly costNanoUsd?: number;
  readonly request?: EntryRequest;
  /** At most one entry has it. */
  readonly idempotencyKey?: string;
  readonly detail?: JsonObject;
}

export interface PostedEntry {
  readonly seq: number;
  readonly balanceAfterNanoUsd: number;
}

/**
 * Appends to the ledger and moves the balance. Inside the caller's transaction. Throws RangeError
 * beyond the nano-USD range and on a second use of an idempotency key: nothing is then written.
 */
export function postEntry(account: Account, entry: NewEntry): PostedEntry {
  const { book, sql } = account;
  const { request } = entry;
  const balance = addNanoUsd(book.balanceNanoUsd, entry.amountNanoUsd);
  const seq = book.lastSeq + 1;
  const at = ledgerNowMs(account);
  sql.run(
    `INSERT INTO entry (seq, kind, amount, balance_after, cost, at, request_id, key_id, member_id, endpoint, provider,
                        model, status, ends_request, idempotency_key, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    seq,
    entry.kind,
    entry.amountNanoUsd,
    balance,
    entry.costNanoUsd ?? 0,
    at,
    request?.id ?? null,
    request?.keyId ?? null,
    request?.memberId ?? null,
    request?.endpoint ?? null,
    request?.provider ?? null,
    request?.model ?? null,
    request?.status ?? null,
    request?.ends === true ? 1 : 0,
    entry.idempotencyKey ?? null,
    entry.detail === undefined ? null : JSON.stringify(entry.detail),
  );
  book.lastSeq = seq;
  book.lastAtMs = at;
  book.balanceNanoUsd = balance;
  return { seq, balanceAfterNanoUsd: balance };
}

/** The time that an entry gets: a clock that steps back must not put an entry before one that precedes it. */
export function ledgerNowMs({ book, nowMs }: Account): number {
  return Math.max(nowMs, book.lastAtMs);
}

/** Describes the request of an entry: who served it if somebody did, else what was planned. */
export function entryRequestOf(
  reservation: Pick<OpenReservation, "id" | "keyId" | "memberId" | "opening">,
  record: Pick<RequestRecord, "provider" | "model" | "status">,
  ends: boolean,
): EntryRequest {
  const { subject } = reservation.opening;
  return {
    id: reservation.id,
    keyId: reservation.keyId,
    memberId: reservation.memberId,
    endpoint: subject.endpoint,
    provider: record.provider ?? subject.provider,
    model: record.model ?? subject.model,
    status: record.status,
    ends,
  };
}
