import type { Usage } from "@aggregator/contracts/usage";

/** How a request ended, as far as those who watch it need it. */
export interface RequestEnd {
  /** Status that the client saw. */
  readonly status: number;
  readonly errorCode: string | null;
  /** Slug and catalogue model that served; null when none did. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly usage: Usage | null;
  readonly priceNanoUsd: number;
  readonly costNanoUsd: number;
  readonly finishReason: string | null;
  readonly clientDisconnected: boolean;
}

/** What is noted of a request that no provider served; settlement says more. */
export function unservedEnd(status: number, errorCode: string | null): RequestEnd {
  return {
    status,
    errorCode,
    provider: null,
    model: null,
    usage: null,
    priceNanoUsd: 0,
    costNanoUsd: 0,
    finishReason: null,
    clientDisconnected: false,
  };
}

/** Why it failed, as a label; empty when it did not. */
export function errorOf(end: RequestEnd): string {
  return end.errorCode ?? (end.clientDisconnected ? "client_disconnected" : "");
}
