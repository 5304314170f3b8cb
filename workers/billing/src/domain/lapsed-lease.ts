/** What is known of a reservation whose lease ran out with nobody to end it. */
export interface LapsedReservation {
  readonly dispatched: boolean;
  readonly holdNanoUsd: number;
  /** Price of the input alone, markup included. */
  readonly promptPriceNanoUsd: number;
  readonly checkpoint: { readonly priceNanoUsd: number; readonly costNanoUsd: number } | null;
  readonly promptCostNanoUsd: number;
}

export type LapsedEnding =
  | { readonly state: "expired" }
  | { readonly state: "settled"; readonly priceNanoUsd: number; readonly costNanoUsd: number };

/**
 * How the account ends a reservation that the proxy abandoned. With a checkpoint: what it said. Sent
 * to a provider with nothing reported yet: the prompt, since the provider has it. Never known to be
 * sent: nothing. An estimate never exceeds the hold: the excess would be our guess at the
 * customer's expense.
 */
export function endingOfLapsedLease(reservation: LapsedReservation): LapsedEnding {
  if (reservation.checkpoint !== null) {
    return {
      state: "settled",
      priceNanoUsd: Math.min(reservation.checkpoint.priceNanoUsd, reservation.holdNanoUsd),
      costNanoUsd: reservation.checkpoint.costNanoUsd,
    };
  }
  if (reservation.dispatched) {
    return {
      state: "settled",
      priceNanoUsd: Math.min(reservation.promptPriceNanoUsd, reservation.holdNanoUsd),
      costNanoUsd: reservation.promptCostNanoUsd,
    };
  }
  return { state: "expired" };
}
