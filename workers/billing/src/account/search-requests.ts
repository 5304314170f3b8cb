import type { RequestView } from "@aggregator/contracts/billing";
import type { Page } from "@aggregator/contracts/page";
import { decodeCursor, encodeCursor } from "@aggregator/runtime/cursor";
import { requestIdAt } from "../domain/request-id.ts";
import type { RequestFilters, RequestQuery } from "../domain/request-query.ts";
import type { Account } from "./account.ts";
import type { ReservationRow } from "./load-book.ts";
import { requestView } from "./read-requests.ts";

/** Rows that one page may look at. A search that finds little goes on in the next page. */
const MAX_SCANNED = 5_000;

type Parameter = string | number;

/**
 * The request log, newest first: ids are time-sortable, so the primary key is the order and a range of
 * time is a range of the key. A filter that hits rarely looks at MAX_SCANNED rows and then answers with what
 * it has, which may be nothing, and with a cursor to go on from.
 */
export function searchRequests(account: Account, { limit, cursor, filters }: RequestQuery): Page<RequestView> {
  const before = startOf(cursor, filters);
  const from = filters.fromMs === undefined ? "" : requestIdAt(filters.fromMs);
  const { clauses, parameters } = conditionsOf(filters);
  const rows = account.sql.all<ReservationRow>(
    `SELECT * FROM (SELECT * FROM reservation WHERE id < ? AND id >= ? ORDER BY id DESC LIMIT ${MAX_SCANNED})
     ${clauses.length === 0 ? "" : `WHERE ${clauses.join(" AND ")}`} ORDER BY id DESC LIMIT ?`,
    before,
    from,
    ...parameters,
    limit + 1,
  );
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1)?.id : endOfScan(account, before, from);
  return { data: page.map(requestView), nextCursor: last === undefined ? null : encodeCursor(last) };
}

/** The last row that was looked at, when there are more beyond it. */
function endOfScan({ sql }: Account, before: string, from: string): string | undefined {
  return sql.first<{ id: string }>(
    `SELECT id FROM reservation WHERE id < ? AND id >= ? ORDER BY id DESC LIMIT 1 OFFSET ${MAX_SCANNED - 1}`,
    before,
    from,
  )?.id;
}

/** The cursor, or the end of the range; a cursor that is not ours finds nothing. */
function startOf(cursor: string | undefined, { toMs }: RequestFilters): string {
  const end = toMs === undefined ? "~" : requestIdAt(toMs);
  if (cursor === undefined) return end;
  const decoded = decodeCursor(cursor);
  if (typeof decoded !== "string") return "";
  return decoded < end ? decoded : end;
}

function conditionsOf(filters: RequestFilters): { clauses: string[]; parameters: Parameter[] } {
  const conditions: readonly (readonly [string, Parameter | undefined])[] = [
    ["state = ?", filters.state],
    ["json_extract(record, '$.status') >= ?", filters.status?.from],
    ["json_extract(record, '$.status') <= ?", filters.status?.to],
    ["json_extract(record, '$.errorCode') = ?", filters.errorCode],
    ["? IN (json_extract(record, '$.model'), json_extract(opening, '$.subject.requestedModel'))", filters.model],
    ["json_extract(record, '$.provider') = ?", filters.provider],
    ["key_id = ?", filters.keyId],
    ["price >= ?", filters.minPriceNanoUsd],
    ["price <= ?", filters.maxPriceNanoUsd],
  ];
  const given = conditions.flatMap(([clause, value]) => (value === undefined ? [] : [{ clause, value }]));
  return { clauses: given.map(({ clause }) => clause), parameters: given.map(({ value }) => value) };
}
