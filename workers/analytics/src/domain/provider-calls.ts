import type { MetricsMessage } from "@aggregator/contracts/metrics";
import type { AttemptOutcome } from "@aggregator/contracts/request-record";
import { floorTo } from "./calendar.ts";

export const SLOT_MS = 300_000;
const ATTEMPTS = "aggregator_provider_attempts_total";

/** What says nothing about the provider: the client left, or we stopped it. */
const SAY_NOTHING: ReadonlySet<string> = new Set<AttemptOutcome>(["client_disconnected", "cancelled"]);
/** A refusal that the client caused proves that the provider answers. */
const ANSWERED: ReadonlySet<string> = new Set<AttemptOutcome>(["success", "client_error"]);

/** A message's calls to providers as rows: provider, slot, calls, failures. */
export function callsOf(message: MetricsMessage, receivedAtMs: number): [string, number, number, number][] {
  const slotMs = floorTo(Math.min(message.at_ms ?? receivedAtMs, receivedAtMs), SLOT_MS);
  const byProvider = new Map<string, { calls: number; failures: number }>();
  for (const { name, labels, increase } of message.counts) {
    const { provider, outcome } = labels;
    if (name !== ATTEMPTS || provider === undefined || outcome === undefined || SAY_NOTHING.has(outcome)) continue;
    const known = byProvider.get(provider) ?? { calls: 0, failures: 0 };
    const failures = known.failures + (ANSWERED.has(outcome) ? 0 : increase);
    byProvider.set(provider, { calls: known.calls + increase, failures });
  }
  return [...byProvider].map(([provider, { calls, failures }]) => [provider, slotMs, calls, failures]);
}
