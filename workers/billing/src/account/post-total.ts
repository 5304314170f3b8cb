import type { EntryKind } from "@aggregator/contracts/billing";
import type { JsonObject } from "@aggregator/contracts/json";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { isNanoUsd } from "@aggregator/money/nano-usd";
import type { Account } from "./account.ts";
import { postEntry } from "./post-entry.ts";

/** Why an account with an open dispute admits nothing; the self-check's own reasons are never undone here. */
export const DISPUTED = "a payment is disputed";

export interface Movement {
  /** What moves the money, such as `credit/pi_…`: at any time it has moved exactly one total. */
  readonly series: string;
  readonly kind: Extract<EntryKind, "credit" | "refund" | "dispute" | "commission">;
  /** Signed, for the whole series, at `revision`. */
  readonly totalNanoUsd: number;
  /** Orders what is known of the series: an older one than the account has seen changes nothing. */
  readonly revision: number;
  /** True: the account admits no request while this stands. */
  readonly freezes?: boolean;
  readonly description: string;
  readonly reference: JsonObject;
}

export interface Posted {
  /** What was posted now; 0 for a repeat or an older revision. */
  readonly postedNanoUsd: number;
}

type MovementRow = { revision: number; total: number };

/**
 * Brings what a series has moved to `totalNanoUsd`, by one entry over the difference. Told twice, late or
 * out of order it still ends at the total of the newest revision: payments, refunds, disputes and
 * commissions are all told this way. May leave the balance negative (money that is already spent can be
 * taken back); no request is then admitted. `invalid_request` when the balance would leave the nano-USD
 * range: nothing is written.
 */
export function postTotal(account: Account, movement: Movement): Result<Posted> {
  const { book, sql } = account;
  const known = sql.first<MovementRow>("SELECT revision, total FROM movement WHERE series = ?", movement.series);
  if (known !== undefined && known.revision >= movement.revision) return ok({ postedNanoUsd: 0 });
  const posted = movement.totalNanoUsd - (known?.total ?? 0);
  if (!isNanoUsd(movement.totalNanoUsd) || !isNanoUsd(book.balanceNanoUsd + posted)) {
    return err("invalid_request", "amount_nano_usd: the balance would exceed 9,000,000 USD.", {
      param: "amount_nano_usd",
    });
  }
  sql.run(
    "INSERT OR REPLACE INTO movement (series, revision, total, freezes) VALUES (?, ?, ?, ?)",
    movement.series,
    movement.revision,
    movement.totalNanoUsd,
    movement.freezes === true ? 1 : 0,
  );
  if (posted !== 0) {
    postEntry(account, {
      kind: movement.kind,
      amountNanoUsd: posted,
      idempotencyKey: `${movement.series}@${movement.revision}`,
      detail: { description: movement.description, ...movement.reference },
    });
  }
  freezeOrThaw(account);
  return ok({ postedNanoUsd: posted });
}

/** What a series has moved in all. */
export function movedBy(account: Account, series: string): number {
  return account.sql.first<{ total: number }>("SELECT total FROM movement WHERE series = ?", series)?.total ?? 0;
}

function freezeOrThaw(account: Account): void {
  const { book, sql } = account;
  const frozen = sql.first<{ count: number }>("SELECT count(*) AS count FROM movement WHERE freezes = 1")?.count ?? 0;
  const reason =
    frozen > 0 ? (book.frozenReason ?? DISPUTED) : book.frozenReason === DISPUTED ? null : book.frozenReason;
  if (reason === book.frozenReason) return;
  sql.run("UPDATE account SET frozen_reason = ? WHERE id = 1", reason);
  book.frozenReason = reason;
}
