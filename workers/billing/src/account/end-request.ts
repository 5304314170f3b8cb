import type { JsonObject } from "@aggregator/contracts/json";
import type { Ending, EndingOutcome, Release, Settlement } from "@aggregator/contracts/account";
import { countInputTokens } from "@aggregator/money/resolve-price";
import { isNanoUsd } from "@aggregator/money/nano-usd";
import type { Account } from "./account.ts";
import { type OpenReservation, removeOpen } from "./book.ts";
import { markDispatched } from "./checkpoint.ts";
import { correctTokens } from "./limit-rates.ts";
import { openReservationOf, type ReservationRow } from "./load-book.ts";
import { type EntryRequest, entryRequestOf, postEntry } from "./post-entry.ts";
import { addSpent } from "./spent.ts";

/**
 * Ends one request, or marks it dispatched. Contract: `CompanyAccountApi.end`. Exactly once: the
 * state of the row decides, so a repeat changes nothing. Inside the caller's transaction.
 */
export function endRequest(account: Account, ending: Ending): EndingOutcome {
  const open = account.book.open.get(ending.requestId);
  if (ending.kind === "dispatched") {
    if (open !== undefined) markDispatched(account, open);
    return open === undefined ? "repeated" : "applied";
  }
  const price = ending.kind === "settle" ? ending.priceNanoUsd : 0;
  const cost = ending.kind === "settle" ? ending.costNanoUsd : 0;
  if (!isNanoUsd(price) || !isNanoUsd(cost) || price < 0 || cost < 0) return "invalid_request";
  if (open !== undefined) return endOpen(account, open, ending, price, cost);
  return endClosed(account, ending, price, cost);
}

function endOpen(
  account: Account,
  open: OpenReservation,
  ending: Settlement | Release,
  priceNanoUsd: number,
  costNanoUsd: number,
): EndingOutcome {
  removeOpen(account.book, open);
  const state = ending.kind === "settle" ? "settled" : "released";
  closeRow(account, ending, state, priceNanoUsd, costNanoUsd);
  if (ending.kind === "settle") {
    postCharge(account, open, { priceNanoUsd, costNanoUsd, request: entryRequestOf(open, ending.record, true) });
    correctTokens(account, open.keyId, open.opening, tokensOf(ending));
  } else {
    postEntry(account, { kind: "release", amountNanoUsd: 0, request: entryRequestOf(open, ending.record, true) });
    correctTokens(account, open.keyId, open.opening, 0);
  }
  return "applied";
}

/** The reservation has ended already: by the proxy (a repeat), by the sweeper (correct it), or it never was (anomaly). */
function endClosed(
  account: Account,
  ending: Settlement | Release,
  priceNanoUsd: number,
  costNanoUsd: number,
): EndingOutcome {
  const row = account.sql.first<ReservationRow>("SELECT * FROM reservation WHERE id = ?", ending.requestId);
  if (row === undefined) return recordAnomaly(account, ending, "unknown request");
  if (row.state === "released" && ending.kind === "settle")
    return recordAnomaly(account, ending, "settled after release");
  if (row.ended_by !== "sweeper") return "repeated";
  const closed = openReservationOf(row);
  const request = entryRequestOf(closed, ending.record, false);
  if (row.state === "expired") {
    closeRow(account, ending, ending.kind === "settle" ? "settled" : "released", priceNanoUsd, costNanoUsd);
    if (ending.kind === "settle") {
      postCharge(account, closed, { priceNanoUsd, costNanoUsd, request, detail: { late: true } });
    }
    return "applied";
  }
  closeRow(account, ending, "settled", priceNanoUsd, costNanoUsd);
  const owed = priceNanoUsd - (row.price ?? 0);
  if (owed !== 0 || costNanoUsd !== (row.cost ?? 0)) {
    postEntry(account, {
      kind: "adjustment",
      amountNanoUsd: -owed,
      costNanoUsd: costNanoUsd - (row.cost ?? 0),
      request,
      detail: { description: "Estimate replaced by what the provider reported" },
    });
    addSpent(account, closed, owed);
  }
  return "applied";
}

export interface RequestCharge {
  readonly priceNanoUsd: number;
  readonly costNanoUsd: number;
  readonly request: EntryRequest;
  readonly detail?: JsonObject;
}

/** Writes the charge of a request: up to its hold as `charge`, the rest as `overrun`. */
export function postCharge(account: Account, reservation: OpenReservation, charge: RequestCharge): void {
  const { priceNanoUsd, costNanoUsd, request } = charge;
  const within = Math.min(priceNanoUsd, reservation.holdNanoUsd);
  const detail = charge.detail === undefined ? {} : { detail: charge.detail };
  postEntry(account, { kind: "charge", amountNanoUsd: -within, costNanoUsd, request, ...detail });
  if (priceNanoUsd > within) {
    const overrun = { ...request, ends: false };
    postEntry(account, { kind: "overrun", amountNanoUsd: within - priceNanoUsd, request: overrun, ...detail });
  }
  addSpent(account, reservation, priceNanoUsd);
}

function closeRow(
  account: Account,
  ending: Settlement | Release,
  state: "settled" | "released",
  priceNanoUsd: number,
  costNanoUsd: number,
): void {
  account.sql.run(
    `UPDATE reservation SET state = ?, ended_at = ?, ended_by = 'proxy', price = ?, cost = ?, record = ? WHERE id = ?`,
    state,
    account.nowMs,
    priceNanoUsd,
    costNanoUsd,
    JSON.stringify(ending.record),
    ending.requestId,
  );
}

/** Kept for a person to look at, and never charged: nobody agreed to this amount. */
function recordAnomaly(account: Account, ending: Settlement | Release, reason: string): EndingOutcome {
  account.sql.run(
    "INSERT OR IGNORE INTO anomaly (request_id, at, reason, detail) VALUES (?, ?, ?, ?)",
    ending.requestId,
    account.nowMs,
    reason,
    JSON.stringify(ending),
  );
  account.log.error("account.anomaly", {
    request_id: ending.requestId,
    company_id: account.companyId,
    reason,
  });
  return "anomaly";
}

function tokensOf(ending: Settlement): number {
  const usage = ending.record.usage ?? {};
  return countInputTokens(usage) + (usage.output ?? 0) + (usage.reasoning ?? 0) + (usage.output_audio ?? 0);
}
