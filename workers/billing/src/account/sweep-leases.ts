import type { RequestRecord } from "@aggregator/contracts/request-record";
import { withMarkup } from "@aggregator/money/charge";
import { endingOfLapsedLease, type LapsedEnding } from "../domain/lapsed-lease.ts";
import type { Account } from "./account.ts";
import { type OpenReservation, removeOpen } from "./book.ts";
import { postCharge } from "./end-request.ts";
import { entryRequestOf, postEntry } from "./post-entry.ts";

const BATCH = 100;

/**
 * Ends reservations whose lease has run out, at most BATCH in one transaction. The proxy may be gone:
 * this is what guarantees that no hold stays open and that what reached a provider is charged.
 * Returns how many it ended; BATCH means that there may be more.
 */
export function sweepLeases(account: Account): number {
  const lapsed = [...account.book.open.values()]
    .filter((reservation) => reservation.leaseUntilMs <= account.nowMs)
    .slice(0, BATCH);
  for (const reservation of lapsed) endLapsed(account, reservation);
  return lapsed.length;
}

function endLapsed(account: Account, reservation: OpenReservation): void {
  const { opening, markupBps } = reservation;
  const ending = endingOfLapsedLease({
    dispatched: reservation.dispatched,
    holdNanoUsd: reservation.holdNanoUsd,
    promptCostNanoUsd: opening.promptNanoUsd,
    promptPriceNanoUsd: withMarkup(opening.promptNanoUsd, markupBps),
    checkpoint: reservation.checkpoint,
    credentialOwner: opening.subject.credentialOwner ?? "platform",
  });
  removeOpen(account.book, reservation);
  const record = recordOf(reservation, ending, account.nowMs);
  const request = entryRequestOf(reservation, record, true);
  const price = ending.state === "settled" ? ending.priceNanoUsd : 0;
  const cost = ending.state === "settled" ? ending.costNanoUsd : 0;
  account.sql.run(
    `UPDATE reservation SET state = ?, ended_at = ?, ended_by = 'sweeper', price = ?, cost = ?, record = ? WHERE id = ?`,
    ending.state,
    account.nowMs,
    price,
    cost,
    JSON.stringify(record),
    reservation.id,
  );
  if (ending.state === "settled") {
    const charge = { priceNanoUsd: price, costNanoUsd: cost, request, detail: { estimated: true } };
    postCharge(account, reservation, charge);
  } else {
    postEntry(account, { kind: "release", amountNanoUsd: 0, request });
  }
  account.log.warn("account.lease_lapsed", {
    request_id: reservation.id,
    company_id: account.companyId,
    outcome: ending.state,
    price_nano_usd: price,
  });
}

function recordOf(reservation: OpenReservation, ending: LapsedEnding, nowMs: number): RequestRecord {
  const { subject } = reservation.opening;
  return {
    status: 499,
    errorCode: "abandoned",
    provider: subject.provider,
    model: subject.model,
    attempts: [],
    usage: reservation.checkpoint?.usage ?? null,
    usageQuality: "estimated",
    priceVersion: subject.priceVersion,
    ...(ending.state === "settled" ? { credentialOwner: ending.credentialOwner } : {}),
    finishReason: null,
    latencyMs: nowMs - reservation.createdAtMs,
    timeToFirstTokenMs: null,
    clientDisconnected: false,
    cache: "off",
    clientRequestId: null,
  };
}
