import type { Reservation } from "@aggregator/contracts/account";

/** The markup that the reservation pinned for a model, in basis points. */
export function markupOf({ markupBps, markupBpsByModel }: Reservation, model: string): number {
  if (markupBpsByModel === undefined || !Object.hasOwn(markupBpsByModel, model)) return markupBps;
  return markupBpsByModel[model] ?? markupBps;
}
