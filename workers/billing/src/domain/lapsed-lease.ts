interface Reported {
  readonly priceNanoUsd: number;
  readonly costNanoUsd: number;
}

/** What is known of a reservation whose lease ran out with nobody to end it. */
export interface LapsedReservation {
  readonly dispatched: boolean;
  readonly holdNanoUsd: number;
  /** Price of the input alone, markup included. */
  readonly promptPriceNanoUsd: number;
  readonly checkpoint: Reported | null;
  readonly promptCostNanoUsd: number;
  /** Whose key the first planned endpoint has: the company's own provider bills the company, and costs us nothing. */
  readonly credentialOwner: "platform" | "company";
}

export type LapsedEnding =
  | { readonly state: "expired" }
  | {
      readonly state: "settled";
      readonly priceNanoUsd: number;
      readonly costNanoUsd: number;
      readonly credentialOwner: "platform" | "company";
    };

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
      credentialOwner: payerOf(reservation.checkpoint, reservation.credentialOwner),
    };
  }
  if (reservation.dispatched) {
    return {
      state: "settled",
      priceNanoUsd: Math.min(reservation.promptPriceNanoUsd, reservation.holdNanoUsd),
      costNanoUsd: reservation.credentialOwner === "company" ? 0 : reservation.promptCostNanoUsd,
      credentialOwner: reservation.credentialOwner,
    };
  }
  return { state: "expired" };
}

/** What has a price and cost the platform nothing was served by a company's key, whichever endpoint was planned first. */
function payerOf({ priceNanoUsd, costNanoUsd }: Reported, planned: "platform" | "company"): "platform" | "company" {
  if (priceNanoUsd === 0) return planned;
  return costNanoUsd === 0 ? "company" : "platform";
}
