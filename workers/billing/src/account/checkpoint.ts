import type { Checkpoint, CheckpointErrorCode, CheckpointState } from "@aggregator/contracts/account";
import { err, type ErrorValue, ok, type Result } from "@aggregator/contracts/result";
import { isNanoUsd } from "@aggregator/money/nano-usd";
import type { Account } from "./account.ts";
import { availableNanoUsd, type OpenReservation, putOpen, type StoredCheckpoint } from "./book.ts";
import { refuseBudget } from "./refuse-budget.ts";

type CheckpointResult = Result<CheckpointState, ErrorValue & { readonly code: CheckpointErrorCode }>;

/**
 * Records the progress of a running request. Contract: `CompanyAccountApi.checkpoint`. A refused
 * raise still extends the lease and records the usage, for the proxy has yet to end the stream.
 */
export function checkpoint(account: Account, input: Checkpoint): CheckpointResult {
  const wanted = input.raiseHoldToNanoUsd;
  const amounts = [input.priceNanoUsd, input.costNanoUsd, input.leaseMs, wanted ?? 0];
  if (!amounts.every((amount) => isNanoUsd(amount) && amount >= 0)) {
    return err("invalid_request", "A checkpoint carries whole, non-negative amounts.");
  }
  const open = account.book.open.get(input.requestId);
  if (open === undefined) return err("not_found", "This request is not open.");
  const raise = wanted === null ? 0 : Math.max(0, wanted - open.holdNanoUsd);
  const { keyId, memberId } = open;
  const budgeted = { keyId, memberId, keyBudget: open.opening.keyBudget };
  const overBudget = raise === 0 ? null : refuseBudget(account, budgeted, raise);
  const withinBalance = raise === 0 || raise <= availableNanoUsd(account.book);
  const affordable = overBudget === null && withinBalance;
  const stored: StoredCheckpoint = {
    usage: input.usage,
    priceNanoUsd: input.priceNanoUsd,
    costNanoUsd: input.costNanoUsd,
  };
  store(account, {
    ...open,
    holdNanoUsd: affordable ? open.holdNanoUsd + raise : open.holdNanoUsd,
    leaseUntilMs: Math.max(open.leaseUntilMs, account.nowMs + input.leaseMs),
    dispatched: true,
    checkpoint: stored,
  });
  if (overBudget !== null) return overBudget;
  if (!withinBalance) return err("insufficient_balance", "The balance does not cover more of this request.");
  return ok({ holdNanoUsd: open.holdNanoUsd + raise, cancelRequested: open.cancelRequested });
}

/** Remembers that a request was sent to a provider, so that a lapsed lease is charged and not forgiven. */
export function markDispatched(account: Account, open: OpenReservation): void {
  if (open.dispatched) return;
  account.sql.run("UPDATE reservation SET dispatched = 1 WHERE id = ?", open.id);
  putOpen(account.book, { ...open, dispatched: true });
}

function store(account: Account, next: OpenReservation): void {
  account.sql.run(
    "UPDATE reservation SET hold = ?, lease_until = ?, dispatched = 1, checkpoint = ? WHERE id = ?",
    next.holdNanoUsd,
    next.leaseUntilMs,
    JSON.stringify(next.checkpoint),
    next.id,
  );
  putOpen(account.book, next);
}
