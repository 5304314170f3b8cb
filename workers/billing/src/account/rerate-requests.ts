import type { RequestRecord } from "@aggregator/contracts/request-record";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { addNanoUsd } from "@aggregator/money/nano-usd";
import { type PriceBook, priceUnder } from "../domain/price-book.ts";
import { requestIdAt } from "../domain/request-id.ts";
import type { Account } from "./account.ts";
import type { Opening } from "./book.ts";
import { ownJson, type ReservationRow } from "./load-book.ts";
import { pinnedMarkupOf } from "./pin-markup.ts";

/** Requests rated in one transaction, so that rating never holds up requests. */
export const RERATE_PAGE = 2_000;

/** Requests that began in a time span, after an id. */
export interface RerateStretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly after: string;
}

export interface RerateSum {
  /** Requests that were charged, also those charged nothing. */
  readonly requests: number;
  /** Of these, what the price book rates; the others keep their charge. */
  readonly rated: number;
  readonly chargedNanoUsd: number;
  readonly ratedNanoUsd: number;
  /** The request to go on after; null: this was the last stretch. */
  readonly lastId: string | null;
}

type ChargedRow = Pick<
  ReservationRow,
  "id" | "state" | "ended_by" | "markup_bps" | "opening" | "price" | "cost" | "record"
>;

/** A sum that leaves requests out would look like one of all. */
function hasArchived({ sql }: Account, { fromMs, toMs }: RerateStretch): boolean {
  const one = "SELECT 1 AS one FROM archive WHERE restored_at IS NULL AND last_at >= ? AND first_at < ? LIMIT 1";
  return sql.first(one, fromMs, toMs) !== undefined;
}

/**
 * Rates the next RERATE_PAGE requests of a stretch under another price book, each as it was charged: exactly, and
 * rounded up once. Reads only. `invalid_request` where the book's prices lead beyond the nano-USD range; `conflict` where
 * requests of the stretch are archived.
 */
export function rerateRequests(account: Account, stretch: RerateStretch, book: PriceBook): Result<RerateSum> {
  if (hasArchived(account, stretch))
    return err("conflict", "Requests of this period are archived; restore its days first.");
  const { sql } = account;
  const rows = sql.all<ChargedRow>(
    `SELECT id, state, ended_by, markup_bps, opening, price, cost, record FROM reservation
     WHERE id > ? AND id >= ? AND id < ? ORDER BY id LIMIT ${RERATE_PAGE}`,
    stretch.after,
    requestIdAt(stretch.fromMs),
    requestIdAt(stretch.toMs),
  );
  const sum = { requests: 0, rated: 0, chargedNanoUsd: 0, ratedNanoUsd: 0 };
  try {
    for (const row of rows) {
      if (row.state !== "settled" || row.price === null || row.record === null) continue;
      const record = ownJson<RequestRecord>(row.record);
      const price = priceUnder(book, {
        record,
        markupBps: pinnedMarkupOf(ownJson<Opening>(row.opening), row.markup_bps, record.model),
        costNanoUsd: row.cost ?? 0,
        endedBy: row.ended_by,
      });
      sum.requests += 1;
      if (price !== null) sum.rated += 1;
      sum.chargedNanoUsd = addNanoUsd(sum.chargedNanoUsd, row.price);
      sum.ratedNanoUsd = addNanoUsd(sum.ratedNanoUsd, price ?? row.price);
    }
  } catch (error) {
    if (error instanceof RangeError) return err("invalid_request", BEYOND_RANGE, { param: "price_book" });
    throw error;
  }
  return ok({ ...sum, lastId: rows.length < RERATE_PAGE ? null : (rows.at(-1)?.id ?? null) });
}

const BEYOND_RANGE = "price_book: at these prices the requests come to more than the platform can count.";
