import type { CircuitState } from "@aggregator/contracts/provider-health";

/** When a circuit opens and how it comes back. */
export interface CircuitLimits {
  readonly windowMs: number;
  /** With so many requests in the window, so large a share of failures opens it. */
  readonly minRequests: number;
  readonly failureShare: number;
  /** So many failures in a row open it whatever the share. */
  readonly consecutiveFailures: number;
  /** Times the number of trips, at most `maxOpenMs`, give or take `jitter`. */
  readonly openMs: number;
  readonly maxOpenMs: number;
  readonly jitter: number;
  /** A probe that says nothing for so long is taken for lost. */
  readonly probeLeaseMs: number;
  readonly rampStepMs: number;
}

export const LIMITS: CircuitLimits = {
  windowMs: 30_000,
  minRequests: 20,
  failureShare: 0.5,
  consecutiveFailures: 5,
  openMs: 30_000,
  maxOpenMs: 300_000,
  jitter: 0.2,
  probeLeaseMs: 10_000,
  rampStepMs: 10_000,
};

/** Shares of its traffic that an endpoint gets on its way back, before all of it. */
const RAMP = [0.1, 0.5] as const;
/** On its way back so few requests are enough to judge by. */
const RAMP_MIN_REQUESTS = 5;
const BUCKETS = 10;

interface Bucket {
  readonly atMs: number;
  readonly successes: number;
  readonly failures: number;
}

/** What is known of an endpoint. A value: every rule here answers a new one. */
export interface Circuit {
  readonly state: CircuitState;
  /** When it came into this state. */
  readonly sinceMs: number;
  readonly buckets: readonly Bucket[];
  readonly consecutiveFailures: number;
  readonly trips: number;
  readonly openUntilMs: number;
  readonly probeUntilMs: number;
  readonly rampStep: number;
}

/** What was seen of an endpoint in one report. */
export interface Observation {
  readonly successes: number;
  readonly failures: number;
  readonly trailingFailures: number;
}

/** An endpoint of which nothing is known. */
export function closedCircuit(nowMs: number): Circuit {
  return {
    state: "closed",
    sinceMs: nowMs,
    buckets: [],
    consecutiveFailures: 0,
    trips: 0,
    openUntilMs: 0,
    probeUntilMs: 0,
    rampStep: 0,
  };
}

/** What the time alone changes: an open circuit is to be tried, one that ramps takes its next step. */
export function advance(circuit: Circuit, nowMs: number, limits: CircuitLimits): Circuit {
  if (circuit.state === "open" && nowMs >= circuit.openUntilMs) {
    return { ...circuit, state: "half_open", sinceMs: nowMs, probeUntilMs: 0 };
  }
  if (circuit.state === "ramping" && nowMs - circuit.sinceMs >= limits.rampStepMs) {
    const rampStep = circuit.rampStep + 1;
    const state = rampStep < RAMP.length ? "ramping" : "closed";
    return { ...circuit, state, sinceMs: nowMs, rampStep };
  }
  return circuit;
}

/**
 * Counts what was seen. While open nothing counts: that is what was under way when it opened. `random` is
 * from 0 to 1.
 */
export function observe(
  before: Circuit,
  seen: Observation,
  nowMs: number,
  random: number,
  limits: CircuitLimits,
): Circuit {
  const circuit = advance(before, nowMs, limits);
  if (circuit.state === "open" || seen.successes + seen.failures === 0) return circuit;
  if (circuit.state === "half_open") {
    return seen.failures > 0 ? opened(circuit, nowMs, random, limits) : ramping(circuit, nowMs);
  }
  const buckets = counted(circuit.buckets, seen, nowMs, limits);
  const consecutiveFailures = seen.successes > 0 ? seen.trailingFailures : circuit.consecutiveFailures + seen.failures;
  const next = { ...circuit, buckets, consecutiveFailures };
  return isBad(next, limits) ? opened(next, nowMs, random, limits) : next;
}

/** Takes the one probe of a half-open circuit; `granted` false when it is none, or somebody has it. */
export function leaseProbe(
  circuit: Circuit,
  nowMs: number,
  limits: CircuitLimits,
): { readonly circuit: Circuit; readonly granted: boolean } {
  if (circuit.state !== "half_open" || circuit.probeUntilMs > nowMs) return { circuit, granted: false };
  return { circuit: { ...circuit, probeUntilMs: nowMs + limits.probeLeaseMs }, granted: true };
}

/**
 * The provider answered something cheap without a model: an open circuit may be tried with a request at
 * once; one that nobody tried since comes back by steps.
 */
export function reachable(circuit: Circuit, nowMs: number): Circuit {
  if (circuit.state === "open") return { ...circuit, state: "half_open", sinceMs: nowMs, probeUntilMs: 0 };
  return circuit.state === "half_open" ? ramping(circuit, nowMs) : circuit;
}

/** Of the requests that would go there, how many may: 0 to 1. */
export function shareOf(circuit: Circuit): number {
  if (circuit.state === "closed") return 1;
  return circuit.state === "ramping" ? (RAMP[circuit.rampStep] ?? 1) : 0;
}

/** Requests of the window. */
export function recent(circuit: Circuit): { readonly successes: number; readonly failures: number } {
  let successes = 0;
  let failures = 0;
  for (const bucket of circuit.buckets) {
    successes += bucket.successes;
    failures += bucket.failures;
  }
  return { successes, failures };
}

function isBad(circuit: Circuit, limits: CircuitLimits): boolean {
  if (circuit.consecutiveFailures >= limits.consecutiveFailures) return true;
  const { successes, failures } = recent(circuit);
  const total = successes + failures;
  const enough = circuit.state === "ramping" ? RAMP_MIN_REQUESTS : limits.minRequests;
  return total >= enough && failures >= limits.failureShare * total;
}

function opened(circuit: Circuit, nowMs: number, random: number, limits: CircuitLimits): Circuit {
  // Long enough closed: what was before says nothing any more.
  const isFresh = circuit.state === "closed" && nowMs - circuit.sinceMs >= limits.maxOpenMs;
  const trips = isFresh ? 1 : circuit.trips + 1;
  const openMs = Math.min(limits.maxOpenMs, limits.openMs * trips);
  const jittered = Math.round(openMs * (1 - limits.jitter + 2 * limits.jitter * random));
  return { ...circuit, state: "open", sinceMs: nowMs, trips, openUntilMs: nowMs + jittered, probeUntilMs: 0 };
}

function ramping(circuit: Circuit, nowMs: number): Circuit {
  return {
    ...circuit,
    state: "ramping",
    sinceMs: nowMs,
    buckets: [],
    consecutiveFailures: 0,
    openUntilMs: 0,
    probeUntilMs: 0,
    rampStep: 0,
  };
}

function counted(
  buckets: readonly Bucket[],
  { successes, failures }: Observation,
  nowMs: number,
  { windowMs }: CircuitLimits,
): readonly Bucket[] {
  const width = windowMs / BUCKETS;
  const atMs = Math.floor(nowMs / width) * width;
  const live = buckets.filter((bucket) => bucket.atMs > nowMs - windowMs);
  const last = live.at(-1);
  if (last === undefined || last.atMs !== atMs) return [...live, { atMs, successes, failures }];
  return [...live.slice(0, -1), { atMs, successes: last.successes + successes, failures: last.failures + failures }];
}
