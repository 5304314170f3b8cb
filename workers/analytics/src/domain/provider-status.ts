import type { ProviderState, ProviderStatusView } from "@aggregator/contracts/analytics";
import { floorTo, HOUR_MS } from "./calendar.ts";
import { SLOT_MS } from "./provider-calls.ts";

const HOURS = 24;
/** What a provider is now is told by the present slot and the one before: five to ten minutes. */
const NOW_SLOTS = 1;
const DEGRADED_SHARE = 0.05;
const DOWN_SHARE = 0.5;
/** One failure of two calls says little: below so many, failures make a provider degraded, not down. */
const LEAST_CALLS = 5;

/** Calls in one slot of time. */
export interface Traffic {
  readonly slotMs: number;
  readonly calls: number;
  readonly failures: number;
}

/** Since when traffic matters for a status at `nowMs`. */
export function statusFromMs(nowMs: number): number {
  return floorTo(nowMs, HOUR_MS) - (HOURS - 1) * HOUR_MS;
}

/** How a provider has answered, from its calls of the last day. */
export function providerStatus(provider: string, traffic: readonly Traffic[], nowMs: number): ProviderStatusView {
  const fromMs = statusFromMs(nowMs);
  const day = sum(traffic.filter(({ slotMs }) => slotMs >= fromMs));
  const recent = traffic.filter(({ slotMs }) => slotMs >= floorTo(nowMs, SLOT_MS) - NOW_SLOTS * SLOT_MS);
  return {
    provider,
    status: stateOf(sum(recent)),
    availability_24h: day.calls === 0 ? null : (day.calls - day.failures) / day.calls,
    hours: Array.from({ length: HOURS }, (_, index) => {
      const hourMs = fromMs + index * HOUR_MS;
      return stateOf(sum(traffic.filter(({ slotMs }) => slotMs >= hourMs && slotMs < hourMs + HOUR_MS)));
    }),
  };
}

function stateOf({ calls, failures }: Omit<Traffic, "slotMs">): ProviderState {
  if (calls === 0) return "unknown";
  const share = failures / calls;
  if (share >= DOWN_SHARE && calls >= LEAST_CALLS) return "down";
  return share >= DEGRADED_SHARE ? "degraded" : "operational";
}

function sum(traffic: readonly Traffic[]): Omit<Traffic, "slotMs"> {
  return traffic.reduce(
    (total, { calls, failures }) => ({ calls: total.calls + calls, failures: total.failures + failures }),
    { calls: 0, failures: 0 },
  );
}
