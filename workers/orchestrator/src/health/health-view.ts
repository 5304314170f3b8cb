import type { CircuitView, ProviderHealthView } from "@aggregator/contracts/provider-health";
import { recent, shareOf, type Circuit } from "./circuit.ts";
import type { HealthBook } from "./health-book.ts";

/** A provider's health as an operator sees it. */
export function healthView(provider: string, book: HealthBook, nowMs: number): ProviderHealthView {
  return {
    circuits: book.circuits().map(([endpoint, circuit]) => circuitView(provider, endpoint, circuit)),
    credentials: book.setAside(nowMs).map(([credential, { reason, untilMs }]) => ({
      credential,
      provider,
      reason,
      until: new Date(untilMs).toISOString(),
    })),
  };
}

function circuitView(provider: string, endpoint: string, circuit: Circuit): CircuitView {
  const { successes, failures } = recent(circuit);
  return {
    endpoint,
    provider,
    state: circuit.state,
    share: shareOf(circuit),
    recent_successes: successes,
    recent_failures: failures,
    consecutive_failures: circuit.consecutiveFailures,
    trips: circuit.trips,
    since: new Date(circuit.sinceMs).toISOString(),
    open_until: circuit.state === "open" ? new Date(circuit.openUntilMs).toISOString() : null,
  };
}
