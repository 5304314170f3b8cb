import type { Page } from "@aggregator/contracts/page";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { decodeCursor, encodeCursor } from "@aggregator/runtime/cursor";
import { z } from "zod";

const Position = z.string().min(1).max(64);

/** The id after which a page starts, null for the first page; `invalid_request` for a cursor that is not ours. */
export function positionOf(cursor: string | undefined): Result<string | null> {
  if (cursor === undefined) return ok(null);
  const position = Position.safeParse(decodeCursor(cursor));
  if (position.success) return ok(position.data);
  return err("invalid_request", "cursor: is not a cursor of this list", { param: "cursor" });
}

/** A page of rows in the order of their ids, of which one more than `limit` was read to see whether there are more. */
export function pageOf<Row extends { readonly id: string }, View>(
  rows: readonly Row[],
  limit: number,
  viewOf: (row: Row) => View,
): Page<View> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { data: shown.map(viewOf), nextCursor: last === undefined ? null : encodeCursor(last.id) };
}
