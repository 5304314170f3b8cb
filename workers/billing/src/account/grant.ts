import type { TransactionView } from "@aggregator/contracts/billing";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { isNanoUsd } from "@aggregator/money/nano-usd";
import { encodeCursor } from "@aggregator/runtime/cursor";
import type { Account } from "./account.ts";
import { addLot } from "./credit-lots.ts";
import { postEntry } from "./post-entry.ts";
import { readTransactions } from "./read-transactions.ts";

export interface Grant {
  readonly kind: "credit" | "adjustment" | "refund";
  readonly amountNanoUsd: number;
  readonly reason: string;
  /** Who did it: member id of the operator. */
  readonly grantedBy: string;
  readonly idempotencyKey: string;
  /** When what is left of it lapses; absent: never. */
  readonly expiresAtMs?: number;
}

type GrantRow = { seq: number; amount: number };

/**
 * Credits the account once per idempotency key; a repeat with the same amount returns the first
 * entry, with another amount `idempotency_key_reused`. Refuses by name what is no amount to give, and what would
 * leave the nano-USD range.
 */
export function grant(account: Account, input: Grant): Result<TransactionView> {
  if (!isNanoUsd(input.amountNanoUsd) || input.amountNanoUsd < 0) {
    return err("invalid_request", "amount_nano_usd: must be a whole, non-negative amount.", {
      param: "amount_nano_usd",
    });
  }
  const first = account.sql.first<GrantRow>(
    "SELECT seq, amount FROM entry WHERE idempotency_key = ?",
    input.idempotencyKey,
  );
  if (first !== undefined && first.amount !== input.amountNanoUsd) {
    return err("idempotency_key_reused", "This Idempotency-Key was used for another credit; use a new key.");
  }
  if (!isNanoUsd(account.book.balanceNanoUsd + input.amountNanoUsd)) {
    return err("invalid_request", "amount_nano_usd: the balance would exceed 9,000,000 USD.", {
      param: "amount_nano_usd",
    });
  }
  const seq = first?.seq ?? postGrant(account, input);
  const view = readTransactions(account, 1, encodeCursor(seq + 1)).data[0];
  if (view === undefined) throw new Error("a posted entry is missing");
  return ok(view);
}

function postGrant(account: Account, input: Grant): number {
  const { expiresAtMs } = input;
  const posted = postEntry(account, {
    kind: input.kind,
    amountNanoUsd: input.amountNanoUsd,
    idempotencyKey: input.idempotencyKey,
    detail: {
      description: input.reason,
      granted_by: input.grantedBy,
      ...(expiresAtMs === undefined ? {} : { expires_at: new Date(expiresAtMs).toISOString() }),
    },
  });
  if (expiresAtMs !== undefined) {
    addLot(account, { seq: posted.seq, expiresAtMs, leftNanoUsd: input.amountNanoUsd });
  }
  return posted.seq;
}
