import type { Page } from "@aggregator/contracts/page";
import { encodeCursor } from "@aggregator/runtime/cursor";
import { type GroupedRow, groupValues } from "./usage-group.ts";
import type { Grouping } from "./usage-query.ts";

/** The page of rows that were read with one more than the limit, which tells whether there are more. */
export function pageOf<Row extends GroupedRow, View>(
  rows: readonly Row[],
  { groupBy, limit }: { readonly groupBy: readonly Grouping[]; readonly limit: number },
  viewOf: (row: Row) => View,
): Page<View> {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    data: page.map(viewOf),
    nextCursor: last === undefined ? null : encodeCursor(groupValues(last, groupBy)),
  };
}
