import type { Account } from "./account.ts";

/** An account as operators' metrics see it. */
export interface AccountState {
  readonly companyId: string;
  readonly openHolds: number;
  readonly heldNanoUsd: number;
  readonly isFrozen: boolean;
  /** Ledger entries that analytics has not been told of, and the time of the first of them. */
  readonly untoldEntries: number;
  readonly oldestUntoldAtMs: number | null;
}

/** Reads at most one row, whatever the size of the ledger. */
export function readAccountState({ companyId, book, sql }: Account): AccountState {
  const untoldEntries = book.lastSeq - book.exportedSeq;
  const oldest =
    untoldEntries === 0
      ? undefined
      : sql.first<{ at: number }>("SELECT at FROM entry WHERE seq > ? ORDER BY seq LIMIT 1", book.exportedSeq);
  return {
    companyId,
    openHolds: book.open.size,
    heldNanoUsd: book.heldNanoUsd,
    isFrozen: book.frozenReason !== null,
    untoldEntries,
    oldestUntoldAtMs: oldest?.at ?? null,
  };
}

/** Overruns among a stretch of the ledger. */
export function readOverruns(
  { sql }: Account,
  afterSeq: number,
  throughSeq: number,
): { readonly count: number; readonly nanoUsd: number } {
  if (throughSeq <= afterSeq) return { count: 0, nanoUsd: 0 };
  const row = sql.first<{ count: number; amount: number | null }>(
    "SELECT count(*) AS count, sum(amount) AS amount FROM entry WHERE seq > ? AND seq <= ? AND kind = 'overrun'",
    afterSeq,
    throughSeq,
  );
  return { count: row?.count ?? 0, nanoUsd: -(row?.amount ?? 0) };
}
