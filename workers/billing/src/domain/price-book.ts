import type { RequestRecord } from "@aggregator/contracts/request-record";
import { chargeOf } from "@aggregator/money/charge";
import type { Prices } from "@aggregator/money/prices-input";

/** Prices to try on requests that have been charged. */
export interface PriceBook {
  /** By id of an endpoint, or of a model where its endpoint has none of its own. */
  readonly prices: Readonly<Record<string, Prices>>;
  /** null: the markup that each request was reserved with. */
  readonly markupBps: number | null;
}

export interface ChargedRequest {
  readonly record: RequestRecord;
  readonly markupBps: number;
  readonly costNanoUsd: number;
  readonly endedBy: "proxy" | "sweeper" | null;
}

/**
 * What a request would have been charged; null where that cannot be known and it keeps its charge: the book
 * has no price for it, its proxy died and it was charged by what was known then, or the platform bore no cost
 * (the company's own credential: its fee is not on the record). Throws RangeError beyond the nano-USD range.
 */
export function priceUnder(book: PriceBook, request: ChargedRequest): number | null {
  const { record, costNanoUsd, endedBy } = request;
  if (costNanoUsd === 0 || endedBy !== "proxy" || record.usage === null) return null;
  const served = record.attempts.findLast(({ outcome }) => outcome === "success") ?? record.attempts.at(-1);
  const prices = own(book.prices, served?.endpointId) ?? own(book.prices, record.model);
  if (prices === undefined) return null;
  const version = { id: "", ...prices };
  // Each is one request, whether its own prices counted that or not.
  return chargeOf({ ...record.usage, request: 1 }, version, book.markupBps ?? request.markupBps).priceNanoUsd;
}

/** Never what an object inherits: ids come from records. */
function own(prices: PriceBook["prices"], id: string | null | undefined): Prices | undefined {
  return id !== null && id !== undefined && Object.hasOwn(prices, id) ? prices[id] : undefined;
}
