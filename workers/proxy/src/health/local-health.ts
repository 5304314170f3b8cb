import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { AttemptOutcome } from "@aggregator/contracts/request-record";

/** Failures in a row after which an endpoint is passed by. */
const TRIP_AFTER = 5;
const OPEN_MS = 30_000;
const MAX_OPEN_MS = 300_000;
const JITTER = 0.2;
/** A probe that says nothing for so long is taken for lost, and another may go. */
const PROBE_LEASE_MS = 10_000;
/** A provider that says 429 without a time, or one that does not take our key. */
const RATE_LIMIT_MS = 5_000;
const REJECTED_MS = 60_000;
const MAX_KNOWN = 5_000;

interface EndpointState {
  failures: number;
  trips: number;
  /** 0: closed. */
  openUntilMs: number;
}

/**
 * What this isolate has seen of endpoints and credentials: decides at once, without asking anybody, which
 * are passed by until later. A hint for the order, never a refusal: where nothing else is left they are
 * tried all the same. An endpoint trips after five failures in a row, for 30 s and longer each time; then
 * one request at a time may try it. What the client caused says nothing of the endpoint, and what is
 * wrong with a credential nothing of other credentials.
 */
export class LocalHealth {
  readonly #endpoints = new Map<string, EndpointState>();
  readonly #coolUntil = new Map<string, number>();
  readonly #random: () => number;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** The endpoints in their order, those that are passed by behind the others. */
  sort(endpoints: readonly PlannedEndpoint[], nowMs: number): readonly PlannedEndpoint[] {
    if (this.#endpoints.size === 0 && this.#coolUntil.size === 0) return endpoints;
    const passedBy: PlannedEndpoint[] = [];
    const rest = endpoints.filter((endpoint) => {
      if (this.#isAvailable(endpoint, nowMs)) return true;
      passedBy.push(endpoint);
      return false;
    });
    return passedBy.length === 0 ? endpoints : [...rest, ...passedBy];
  }

  /** An attempt ended. `retryAfterMs`: what a 429 asked for. */
  note(endpoint: PlannedEndpoint, outcome: AttemptOutcome, retryAfterMs: number | null, nowMs: number): void {
    switch (outcome) {
      case "success":
        if (this.#endpoints.size > 0) this.#endpoints.delete(endpoint.endpointId);
        return;
      case "rate_limited":
        return this.#cool(endpoint, Math.min(retryAfterMs ?? RATE_LIMIT_MS, MAX_OPEN_MS), nowMs);
      case "credential_rejected":
      case "out_of_credit":
        return this.#cool(endpoint, REJECTED_MS, nowMs);
      case "connect_failed":
      case "first_byte_timeout":
      case "idle_timeout":
      case "server_error":
      case "error_frame":
      case "empty_stream":
      case "cut_stream":
      case "malformed_answer":
      case "too_large":
      case "redirected":
        return this.#fail(endpoint.endpointId, nowMs);
      case "total_timeout":
      case "client_error":
      case "client_disconnected":
      case "cancelled":
        return;
    }
  }

  #isAvailable(endpoint: PlannedEndpoint, nowMs: number): boolean {
    const cooled = this.#coolUntil.get(endpoint.credential.id);
    if (cooled !== undefined) {
      if (cooled > nowMs) return false;
      this.#coolUntil.delete(endpoint.credential.id);
    }
    const state = this.#endpoints.get(endpoint.endpointId);
    if (state === undefined || state.openUntilMs === 0) return true;
    if (state.openUntilMs > nowMs) return false;
    state.openUntilMs = nowMs + PROBE_LEASE_MS;
    return true;
  }

  #fail(endpointId: string, nowMs: number): void {
    const state = this.#endpoints.get(endpointId) ?? { failures: 0, trips: 0, openUntilMs: 0 };
    state.failures += 1;
    if (state.failures >= TRIP_AFTER) {
      // Requests that were under way when it tripped do not make the next try later.
      if (state.openUntilMs <= nowMs + PROBE_LEASE_MS) state.trips += 1;
      const openMs = Math.min(MAX_OPEN_MS, OPEN_MS * state.trips);
      state.openUntilMs = nowMs + Math.round(openMs * (1 - JITTER + 2 * JITTER * this.#random()));
    }
    if (this.#endpoints.size >= MAX_KNOWN) this.#endpoints.clear();
    this.#endpoints.set(endpointId, state);
  }

  #cool(endpoint: PlannedEndpoint, ms: number, nowMs: number): void {
    if (this.#coolUntil.size >= MAX_KNOWN) this.#coolUntil.clear();
    const until = nowMs + ms;
    if (until > (this.#coolUntil.get(endpoint.credential.id) ?? 0)) this.#coolUntil.set(endpoint.credential.id, until);
  }
}

/** The isolate's. */
export const localHealth = new LocalHealth();
