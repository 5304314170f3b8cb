import { putOpen, removeOpen } from "../../src/account/book.ts";
import { postCharge } from "../../src/account/end-request.ts";
import { openReservationOf, type ReservationRow } from "../../src/account/load-book.ts";
import { entryRequestOf } from "../../src/account/post-entry.ts";
import { OPERATIONS, type Operations } from "./operations.ts";

const settledRow = "SELECT * FROM reservation WHERE id = ?";

/** Faults that peers shipped, each planted in one operation: the model must catch every one. */
export const MUTANTS: Readonly<Record<string, Partial<Operations>>> = {
  "a repeated settlement is charged again": {
    endRequest: (account, ending) => {
      const outcome = OPERATIONS.endRequest(account, ending);
      const row = account.sql.first<ReservationRow>(settledRow, ending.requestId);
      if (outcome === "repeated" && ending.kind === "settle" && row?.state === "settled") {
        const closed = openReservationOf(row);
        const request = entryRequestOf(closed, ending.record, false);
        postCharge(account, closed, { priceNanoUsd: ending.priceNanoUsd, costNanoUsd: 0, request });
      }
      return outcome;
    },
  },
  "an expired lease keeps its hold": {
    sweepLeases: (account) => {
      const before = [...account.book.open.values()];
      const swept = OPERATIONS.sweepLeases(account);
      for (const reservation of before) {
        if (!account.book.open.has(reservation.id)) account.book.heldNanoUsd += reservation.holdNanoUsd;
      }
      return swept;
    },
  },
  "a repeated reserve holds again": {
    reserve: (account, input) => {
      const known = account.book.open.get(input.requestId);
      if (known !== undefined) putOpen(account.book, { ...known, holdNanoUsd: known.holdNanoUsd + input.holdNanoUsd });
      return OPERATIONS.reserve(account, input);
    },
  },
  "what exceeds the hold is forgiven": {
    endRequest: (account, ending) => {
      const hold = account.book.open.get(ending.requestId)?.holdNanoUsd ?? Infinity;
      return OPERATIONS.endRequest(
        account,
        ending.kind === "settle" ? { ...ending, priceNanoUsd: Math.min(ending.priceNanoUsd, hold) } : ending,
      );
    },
  },
  "the balance is checked without the holds": {
    reserve: (account, input) => {
      const held = account.book.heldNanoUsd;
      account.book.heldNanoUsd = 0;
      const result = OPERATIONS.reserve(account, input);
      account.book.heldNanoUsd += held;
      return result;
    },
  },
  "an entry is not told to analytics": {
    storeCells: (account, told) => OPERATIONS.storeCells(account, { ...told, throughSeq: told.throughSeq + 1 }),
  },
  "a budget forgets what analytics was told": {
    storeCells: (account, told) => OPERATIONS.storeCells(account, { ...told, spendings: [] }),
  },
  "only the key's own budget counts": {
    reserve: (account, input) => {
      const budgets = [...account.book.budgets];
      account.book.budgets.clear();
      const result = OPERATIONS.reserve(account, input);
      for (const [owner, ofOwner] of budgets) account.book.budgets.set(owner, ofOwner);
      return result;
    },
  },
  "a checkpoint does not survive a restart": {
    checkpoint: (account, input) => {
      const open = account.book.open.get(input.requestId);
      const result = OPERATIONS.checkpoint(account, input);
      if (open !== undefined) account.sql.run("UPDATE reservation SET checkpoint = NULL WHERE id = ?", open.id);
      return result;
    },
  },
  "a released request is forgotten in memory only": {
    endRequest: (account, ending) => {
      const open = account.book.open.get(ending.requestId);
      if (ending.kind !== "release" || open === undefined) return OPERATIONS.endRequest(account, ending);
      removeOpen(account.book, open);
      return "applied";
    },
  },
  "statements are not one transaction": { transactional: false },
};
