import type { ReserveInput } from "@aggregator/contracts/account";
import { markupFor } from "../domain/markup.ts";
import type { Account } from "./account.ts";
import type { Opening } from "./book.ts";

export interface PinnedMarkup {
  /** Of the model that is planned first. */
  readonly markupBps: number;
  /** Of its other models, where it is another. */
  readonly byModel: Readonly<Record<string, number>>;
  /** What the hold has to cover. */
  readonly mostBps: number;
}

/** The markups of a request's models as they are now, from memory; they stand on its row until it ends. */
export function pinMarkup({ book }: Account, { subject, models }: ReserveInput): PinnedMarkup {
  const markupBps = markupFor(book.markupOverrides, book.markupBps, subject.model);
  const byModel: Record<string, number> = {};
  for (const model of models ?? []) {
    const other = markupFor(book.markupOverrides, book.markupBps, model);
    if (other !== markupBps) byModel[model] = other;
  }
  return { markupBps, byModel, mostBps: Math.max(markupBps, ...Object.values(byModel)) };
}

/** The pinned markup of the model that served. */
export function pinnedMarkupOf(opening: Opening, markupBps: number, model: string | null): number {
  const { markupBpsByModel } = opening;
  if (markupBpsByModel === undefined || model === null || !Object.hasOwn(markupBpsByModel, model)) return markupBps;
  return markupBpsByModel[model] ?? markupBps;
}
