import type { RequestTail } from "@aggregator/contracts/billing";
import type { Account } from "./account.ts";
import type { ReservationRow } from "./load-book.ts";
import { requestView } from "./read-requests.ts";

const BATCH = 100;

/**
 * Requests that ended after a position of the ledger, oldest first, at most BATCH, and the position to go
 * on from. Without a position: none, and where the ledger stands now.
 */
export function tailRequests({ sql, book }: Account, after: number | null): RequestTail {
  if (after === null || after >= book.lastSeq) return { data: [], position: after ?? book.lastSeq };
  const rows = sql.all<ReservationRow & { seq: number }>(
    `SELECT reservation.*, entry.seq AS seq FROM entry JOIN reservation ON reservation.id = entry.request_id
     WHERE entry.seq > ? AND entry.ends_request = 1 ORDER BY entry.seq LIMIT ${BATCH}`,
    after,
  );
  const position = rows.length === BATCH ? (rows.at(-1)?.seq ?? after) : book.lastSeq;
  return { data: rows.map(requestView), position };
}
