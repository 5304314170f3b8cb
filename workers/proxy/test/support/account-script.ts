import type { Checkpoint, Ending, Reservation, ReserveError, ReserveInput } from "@aggregator/contracts/account";
import type { PlanRequest } from "@aggregator/contracts/orchestrator";

/** What a test wants of the account; set through `script`. */
export interface AccountScript {
  readonly balanceNanoUsd?: number;
  readonly markupBps?: number;
  /** The plan's share for answers from the cache. */
  readonly cacheHitBps?: number;
  readonly markupBpsByModel?: Readonly<Record<string, number>>;
  readonly reserveError?: ReserveError;
  readonly reserveDelayMs?: number;
  readonly limits?: Pick<Reservation, "requests" | "tokens">;
  readonly holdNanoUsd?: number;
  readonly refuseRaise?: boolean;
  readonly cancelAtCheckpoint?: boolean;
  readonly endDelayMs?: number;
  readonly failEnds?: number;
  /** What ended requests were charged stays off the balance. */
  readonly keepCharges?: boolean;
}

export interface AccountLog {
  readonly reserves: readonly ReserveInput[];
  readonly checkpoints: readonly Checkpoint[];
  readonly endCalls: readonly (readonly Ending[])[];
  /** Calls of `exchange`. */
  readonly exchanges: number;
  readonly openHolds: readonly string[];
  readonly planCalls: readonly PlanRequest[];
}
