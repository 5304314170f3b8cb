import type { Reservation } from "@aggregator/contracts/account";

/** The markup that the reservation pinned for a model, in basis points. */
export function markupOf(
  { markupBps, markupBpsByModel }: Pick<Reservation, "markupBps" | "markupBpsByModel">,
  model: string,
): number {
  if (markupBpsByModel === undefined || !Object.hasOwn(markupBpsByModel, model)) return markupBps;
  return markupBpsByModel[model] ?? markupBps;
}
