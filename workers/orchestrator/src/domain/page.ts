import { type Page, PageQuery } from "@aggregator/contracts/page";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { decodeCursor, encodeCursor } from "@aggregator/runtime/cursor";
import { parseInput } from "@aggregator/runtime/parse-input";

/** A list's query: how many, and the key after which to go on. `invalid_request` for a cursor that is not ours. */
export function parsePage(query: unknown): Result<{ readonly limit: number; readonly after: string | null }> {
  const parsed = parseInput(PageQuery, query ?? {});
  if (!parsed.ok) return parsed;
  const { limit, cursor } = parsed.value;
  if (cursor === undefined) return ok({ limit, after: null });
  const after = decodeCursor(cursor);
  if (typeof after === "string") return ok({ limit, after });
  return err("invalid_request", "cursor: is not a cursor of this list", { param: "cursor" });
}

/** A page of rows of which one more than `limit` was read; `keyOf` orders the list. */
export function pageOf<Item>(items: readonly Item[], limit: number, keyOf: (item: Item) => string): Page<Item> {
  const data = items.slice(0, limit);
  const last = items.length > limit ? data.at(-1) : undefined;
  return { data, nextCursor: last === undefined ? null : encodeCursor(keyOf(last)) };
}
