import type {
  CredentialSignal,
  HealthReport,
  HealthSnapshot,
  SharedEndpointHealth,
} from "@aggregator/contracts/provider-health";
import {
  advance,
  closedCircuit,
  leaseProbe,
  observe,
  reachable,
  recent,
  shareOf,
  type Circuit,
  type CircuitLimits,
} from "./circuit.ts";

const RATE_LIMIT_MS = 5_000;
const MAX_COOL_MS = 300_000;
/** A credential that was refused is tried again by then: providers err, and keys are re-enabled. */
const QUARANTINE_MS = 600_000;
/** 403 may be about what was asked: only several without an answer in between are about the key. */
const FORBIDDEN_TIMES = 3;

export interface SetAside {
  readonly reason: Exclude<CredentialSignal, "accepted">;
  readonly untilMs: number;
  /** Refusals in a row. */
  readonly times: number;
}

/** What somebody is to hear of. */
export type HealthEvent =
  | { readonly kind: "down"; readonly sinceMs: number; readonly reason: string }
  | { readonly kind: "recovered"; readonly sinceMs: number; readonly atMs: number }
  | { readonly kind: "quarantined"; readonly credentialId: string; readonly reason: string; readonly atMs: number };

/** As it is stored. */
export interface StoredBook {
  readonly circuits: readonly (readonly [string, Circuit])[];
  readonly credentials: readonly (readonly [string, SetAside])[];
  readonly downSinceMs: number | null;
}

/** Everything that is known of one provider. Pure: the clock and chance are passed in. */
export class HealthBook {
  readonly #limits: CircuitLimits;
  readonly #circuits: Map<string, Circuit>;
  readonly #credentials: Map<string, SetAside>;
  #downSinceMs: number | null;

  constructor(limits: CircuitLimits, stored: StoredBook | null = null) {
    this.#limits = limits;
    this.#circuits = new Map(stored?.circuits);
    this.#credentials = new Map(stored?.credentials);
    this.#downSinceMs = stored?.downSinceMs ?? null;
  }

  /** Adds a report; answers what became of it that somebody is to hear of. */
  apply(report: Pick<HealthReport, "endpoints" | "credentials">, nowMs: number, random: () => number): HealthEvent[] {
    const events: HealthEvent[] = [];
    for (const { endpointId, ...seen } of report.endpoints) {
      const before = this.#circuits.get(endpointId) ?? closedCircuit(nowMs);
      const after = observe(before, seen, nowMs, random(), this.#limits);
      this.#circuits.set(endpointId, after);
      if (after.state === "open" && before.state !== "open" && this.#downSinceMs === null) {
        this.#downSinceMs = nowMs;
        events.push({ kind: "down", sinceMs: nowMs, reason: reasonOf(endpointId, after) });
      }
    }
    for (const told of report.credentials) events.push(...this.#hear(told, nowMs));
    return [...events, ...this.tick(nowMs)];
  }

  /** What the time alone changes. */
  tick(nowMs: number): HealthEvent[] {
    for (const [id, circuit] of this.#circuits) this.#circuits.set(id, advance(circuit, nowMs, this.#limits));
    for (const [id, { untilMs }] of this.#credentials) if (untilMs + MAX_COOL_MS < nowMs) this.#credentials.delete(id);
    const isDown = [...this.#circuits.values()].some(({ state }) => state !== "closed");
    if (isDown || this.#downSinceMs === null) return [];
    const sinceMs = this.#downSinceMs;
    this.#downSinceMs = null;
    return [{ kind: "recovered", sinceMs, atMs: nowMs }];
  }

  /** What an isolate that serves these endpoints is to know; it may be the one that gets a probe. */
  snapshot(watched: readonly string[], nowMs: number): HealthSnapshot {
    const endpoints: SharedEndpointHealth[] = [];
    for (const endpointId of new Set(watched)) {
      const known = this.#circuits.get(endpointId);
      if (known === undefined || known.state === "closed") continue;
      const { circuit, granted } = leaseProbe(known, nowMs, this.#limits);
      this.#circuits.set(endpointId, circuit);
      const { successes, failures } = recent(circuit);
      endpoints.push({
        endpointId,
        share: shareOf(circuit),
        openUntilMs: circuit.state === "open" ? circuit.openUntilMs : 0,
        mayProbe: granted,
        failureRatio: failures / Math.max(1, successes + failures),
      });
    }
    const credentials = [...this.#credentials]
      .filter(([, { untilMs }]) => untilMs > nowMs)
      .map(([credentialId, { untilMs }]) => ({ credentialId, untilMs }));
    return { endpoints, credentials };
  }

  /** Endpoints that are not closed. */
  unwell(): readonly string[] {
    return [...this.#circuits].filter(([, { state }]) => state !== "closed").map(([id]) => id);
  }

  /** The provider answered a call that no client made. */
  reachable(nowMs: number): void {
    for (const [id, circuit] of this.#circuits) this.#circuits.set(id, reachable(circuit, nowMs));
  }

  /** An operator's word: the endpoint is closed, the provider's credentials are taken back. */
  reset(endpointId: string, nowMs: number): HealthEvent[] {
    this.#circuits.set(endpointId, closedCircuit(nowMs));
    this.#credentials.clear();
    return this.tick(nowMs);
  }

  circuits(): readonly (readonly [string, Circuit])[] {
    return [...this.#circuits];
  }

  setAside(nowMs: number): readonly (readonly [string, SetAside])[] {
    return [...this.#credentials].filter(([, { untilMs }]) => untilMs > nowMs);
  }

  /** What must outlive the object's memory: whatever is not as it would be anyway. */
  stored(): StoredBook {
    return {
      circuits: [...this.#circuits]
        .filter(([, { state, trips }]) => state !== "closed" || trips > 0)
        .map(([id, circuit]) => [id, { ...circuit, buckets: [] }] as const),
      credentials: [...this.#credentials],
      downSinceMs: this.#downSinceMs,
    };
  }

  #hear(told: HealthReport["credentials"][number], nowMs: number): HealthEvent[] {
    const { credentialId, signal, retryAfterMs } = told;
    if (signal === "accepted") {
      const known = this.#credentials.get(credentialId);
      if (known !== undefined && known.reason !== "rate_limited") this.#credentials.delete(credentialId);
      return [];
    }
    const known = this.#credentials.get(credentialId);
    const times = known?.reason === signal ? known.times + 1 : 1;
    const untilMs = nowMs + coolMs(signal, retryAfterMs, times);
    const wasOut = known !== undefined && known.untilMs > nowMs && isQuarantine(known.reason, known.times);
    if (wasOut && signal === "rate_limited") return [];
    this.#credentials.set(credentialId, {
      reason: signal,
      untilMs: Math.max(untilMs, known?.untilMs ?? 0),
      times,
    });
    if (wasOut || !isQuarantine(signal, times)) return [];
    return [{ kind: "quarantined", credentialId, reason: REASONS[signal], atMs: nowMs }];
  }
}

const REASONS: Readonly<Record<Exclude<CredentialSignal, "accepted">, string>> = {
  rate_limited: "The provider limits its rate.",
  rejected: "The provider does not accept it (401).",
  forbidden: "The provider refuses it again and again (403).",
  out_of_credit: "The account at the provider is out of credit (402).",
};

function isQuarantine(signal: SetAside["reason"], times: number): boolean {
  return signal === "rejected" || signal === "out_of_credit" || (signal === "forbidden" && times >= FORBIDDEN_TIMES);
}

function coolMs(signal: SetAside["reason"], retryAfterMs: number | null, times: number): number {
  if (signal === "rate_limited") return Math.min(retryAfterMs ?? RATE_LIMIT_MS, MAX_COOL_MS);
  return isQuarantine(signal, times) ? QUARANTINE_MS : 0;
}

function reasonOf(endpointId: string, circuit: Circuit): string {
  const { successes, failures } = recent(circuit);
  const counts = `${failures} of its last ${successes + failures} requests failed`;
  return `Endpoint ${endpointId}: ${counts}, ${circuit.consecutiveFailures} in a row.`;
}
