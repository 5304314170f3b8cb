import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { CredentialSignal } from "@aggregator/contracts/provider-health";
import type { AttemptOutcome } from "@aggregator/contracts/request-record";
import { LoadShedder } from "./load-shedder.ts";
import { SharedHealth } from "./shared-health.ts";

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

/** How an attempt ended, as far as health is concerned. */
export interface AttemptNote {
  readonly outcome: AttemptOutcome;
  readonly status: number | null;
  /** What a 429 asked for. */
  readonly retryAfterMs: number | null;
}

/** Endpoints in the order to try. */
export interface Selection {
  readonly order: readonly PlannedEndpoint[];
  /** All of them are down, and this request is one of those that are refused for it. */
  readonly isShed: boolean;
}

/**
 * What this isolate has seen of endpoints and credentials, over what all of them together have: decides at
 * once, without asking anybody, which are passed by until later. A hint for the order: where nothing else is
 * left the least bad is tried, by all while there is no load and by some when there is. An endpoint trips
 * here after five failures in a row, for 30 s and longer each time; then one request at a time may try it.
 * What the client caused says nothing of the endpoint, what is wrong with a credential nothing of other
 * credentials, and what a company's own credential meets nothing to anybody else.
 */
export class LocalHealth {
  readonly #endpoints = new Map<string, EndpointState>();
  readonly #coolUntil = new Map<string, number>();
  readonly #random: () => number;
  readonly #shared: SharedHealth;
  readonly #shedder: LoadShedder;

  constructor(random: () => number = Math.random, shared: SharedHealth = new SharedHealth()) {
    this.#random = random;
    this.#shared = shared;
    this.#shedder = new LoadShedder(random);
  }

  /** The endpoints in their order, those that are passed by behind the others, the least bad of them first. */
  sort(endpoints: readonly PlannedEndpoint[], nowMs: number): readonly PlannedEndpoint[] {
    return this.#split(endpoints, nowMs).order;
  }

  /** The same, and whether the request is to be refused because all are down. */
  select(endpoints: readonly PlannedEndpoint[], nowMs: number): Selection {
    this.#shared.watch(endpoints);
    const { order, hasAvailable } = this.#split(endpoints, nowMs);
    const [least] = order;
    if (hasAvailable || least === undefined || !order.every((endpoint) => this.#isDown(endpoint, nowMs))) {
      return { order, isShed: false };
    }
    return { order, isShed: !this.#shedder.passes(keyOf(least), nowMs) };
  }

  /** An attempt ended. True when that is to be told to the others at once. */
  note(endpoint: PlannedEndpoint, { outcome, status, retryAfterMs }: AttemptNote, nowMs: number): boolean {
    switch (outcome) {
      case "success":
        return this.#succeed(endpoint, nowMs);
      case "rate_limited":
        return this.#cool(endpoint, Math.min(retryAfterMs ?? RATE_LIMIT_MS, MAX_OPEN_MS), "rate_limited", nowMs);
      case "credential_rejected":
        return this.#cool(endpoint, REJECTED_MS, status === 403 ? "forbidden" : "rejected", nowMs);
      case "out_of_credit":
        return this.#cool(endpoint, REJECTED_MS, "out_of_credit", nowMs);
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
        return this.#fail(endpoint, nowMs);
      case "total_timeout":
      case "client_error":
      case "client_disconnected":
      case "cancelled":
        return false;
    }
  }

  #split(endpoints: readonly PlannedEndpoint[], nowMs: number) {
    const passedBy: PlannedEndpoint[] = [];
    const rest = endpoints.filter((endpoint) => {
      if (this.#isAvailable(endpoint, nowMs)) return true;
      passedBy.push(endpoint);
      return false;
    });
    const hasAvailable = rest.length > 0;
    if (passedBy.length === 0) return { order: endpoints, hasAvailable };
    const badness = new Map(passedBy.map((endpoint) => [endpoint, this.#badness(endpoint, nowMs)]));
    passedBy.sort((a, b) => (badness.get(a) ?? 0) - (badness.get(b) ?? 0));
    return { order: [...rest, ...passedBy], hasAvailable };
  }

  #isAvailable(endpoint: PlannedEndpoint, nowMs: number): boolean {
    const { id, owner } = endpoint.credential;
    const cooled = this.#coolUntil.get(id);
    if (cooled !== undefined) {
      if (cooled > nowMs) return false;
      this.#coolUntil.delete(id);
    }
    if (owner === "platform") {
      if (this.#shared.isCredentialCool(id, nowMs)) return false;
      // What all have seen of an endpoint that is unwell, its way back included, is better than what one saw.
      if (this.#shared.standing(endpoint.endpointId, nowMs) !== "well") {
        return this.#shared.admits(endpoint.endpointId, nowMs, this.#random);
      }
    }
    const state = this.#endpoints.get(keyOf(endpoint));
    if (state === undefined || state.openUntilMs === 0) return true;
    if (state.openUntilMs > nowMs) return false;
    state.openUntilMs = nowMs + PROBE_LEASE_MS;
    return true;
  }

  /** Its circuit is open, here or with all; a credential that cools is another matter. */
  #isDown(endpoint: PlannedEndpoint, nowMs: number): boolean {
    if ((this.#endpoints.get(keyOf(endpoint))?.openUntilMs ?? 0) > nowMs) return true;
    return endpoint.credential.owner === "platform" && this.#shared.standing(endpoint.endpointId, nowMs) === "open";
  }

  /** Of two that are passed by, the one that is on its way back or failed less is tried first. */
  #badness(endpoint: PlannedEndpoint, nowMs: number): number {
    return (this.#isDown(endpoint, nowMs) ? 1 : 0) + this.#shared.failureRatio(endpoint.endpointId);
  }

  #succeed(endpoint: PlannedEndpoint, nowMs: number): boolean {
    if (this.#endpoints.size > 0) this.#endpoints.delete(keyOf(endpoint));
    const { id, owner } = endpoint.credential;
    if (owner === "company") return false;
    const wasOpen = this.#shared.standing(endpoint.endpointId, nowMs) === "open";
    this.#shared.note(endpoint, true);
    if (this.#coolUntil.has(id) || this.#shared.isCredentialCool(id, nowMs)) {
      this.#shared.forgetCredential(id);
      this.#shared.noteCredential(endpoint, "accepted", null);
    }
    return wasOpen;
  }

  #fail(endpoint: PlannedEndpoint, nowMs: number): boolean {
    if (endpoint.credential.owner === "platform") this.#shared.note(endpoint, false);
    const key = keyOf(endpoint);
    const state = this.#endpoints.get(key) ?? { failures: 0, trips: 0, openUntilMs: 0 };
    state.failures += 1;
    const trips = state.failures >= TRIP_AFTER;
    if (trips) {
      // Requests that were under way when it tripped do not make the next try later.
      if (state.openUntilMs <= nowMs + PROBE_LEASE_MS) state.trips += 1;
      const openMs = Math.min(MAX_OPEN_MS, OPEN_MS * state.trips);
      state.openUntilMs = nowMs + Math.round(openMs * (1 - JITTER + 2 * JITTER * this.#random()));
    }
    if (this.#endpoints.size >= MAX_KNOWN) this.#endpoints.clear();
    this.#endpoints.set(key, state);
    return trips && state.failures === TRIP_AFTER && endpoint.credential.owner === "platform";
  }

  #cool(endpoint: PlannedEndpoint, ms: number, signal: CredentialSignal, nowMs: number): boolean {
    const { id, owner } = endpoint.credential;
    if (this.#coolUntil.size >= MAX_KNOWN) this.#coolUntil.clear();
    const until = nowMs + ms;
    if (until > (this.#coolUntil.get(id) ?? 0)) this.#coolUntil.set(id, until);
    if (owner === "company") return false;
    this.#shared.noteCredential(endpoint, signal, signal === "rate_limited" ? ms : null);
    return signal !== "rate_limited";
  }
}

/** A company's own credential has a record of its own: what it meets says nothing to others. */
function keyOf({ endpointId, credential }: PlannedEndpoint): string {
  return credential.owner === "company" ? `${endpointId}/${credential.id}` : endpointId;
}

/** The isolate's. */
export const sharedHealth = new SharedHealth();
export const localHealth = new LocalHealth(Math.random, sharedHealth);
