import { err, ok, type Result } from "@aggregator/contracts/result";
import { isNanoUsd } from "@aggregator/money/nano-usd";
import { formatPrice } from "@aggregator/money/usd-decimal";
import type { Account } from "./account.ts";
import { availableNanoUsd } from "./book.ts";
import { postEntry } from "./post-entry.ts";

export interface Fee {
  readonly amountNanoUsd: number;
  readonly description: string;
  readonly idempotencyKey: string;
}

/**
 * Takes a fee from what is available, once per idempotency key. `insufficient_balance` when holds and
 * balance leave too little: a fee never makes an account negative. `account_frozen` while it is frozen,
 * `invalid_request` for what is no amount.
 */
export function chargeFee(account: Account, fee: Fee): Result<void> {
  const { book, sql } = account;
  // A negative fee would be a credit that nobody granted.
  if (!isNanoUsd(fee.amountNanoUsd) || fee.amountNanoUsd < 0) {
    return err("invalid_request", "amount_nano_usd: must be a whole, non-negative amount.", {
      param: "amount_nano_usd",
    });
  }
  const first = sql.first<{ seq: number }>("SELECT seq FROM entry WHERE idempotency_key = ?", fee.idempotencyKey);
  if (first !== undefined) return ok();
  if (book.frozenReason !== null) {
    return err("account_frozen", "This company's account is frozen; contact the operator of the platform.");
  }
  const available = availableNanoUsd(book);
  if (fee.amountNanoUsd > available) {
    const message = `The fee is ${formatPrice(fee.amountNanoUsd)} USD and ${formatPrice(available)} USD is available; top up first.`;
    return err("insufficient_balance", message);
  }
  postEntry(account, {
    kind: "charge",
    amountNanoUsd: -fee.amountNanoUsd,
    idempotencyKey: fee.idempotencyKey,
    detail: { description: fee.description },
  });
  return ok();
}
