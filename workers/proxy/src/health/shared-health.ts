import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { CredentialSignal, HealthReport, HealthSnapshot } from "@aggregator/contracts/provider-health";

/** A snapshot older than this says nothing any more of shares; what is open stays so until its time. */
const MAX_STALE_MS = 5_000;
const MAX_WATCHED = 200;
const MAX_KNOWN = 2_000;

interface Delta {
  readonly provider: string;
  successes: number;
  failures: number;
  trailingFailures: number;
}

interface Known {
  readonly share: number;
  readonly openUntilMs: number;
  readonly failureRatio: number;
  readonly heardAtMs: number;
  mayProbe: boolean;
}

/** How an endpoint stands with all isolates together. */
export type Standing = "well" | "ramping" | "open";

/**
 * What all isolates together have seen of endpoints and credentials, as far as this one was told, and what
 * it has yet to tell. It only counts and remembers: nothing here waits for anybody.
 */
export class SharedHealth {
  readonly #watched = new Map<string, string>();
  readonly #deltas = new Map<string, Delta>();
  #credentials: HealthReport["credentials"][number][] = [];
  readonly #known = new Map<string, Known>();
  readonly #coolUntil = new Map<string, number>();

  /** This isolate serves these: it wants to be told of them. */
  watch(endpoints: readonly PlannedEndpoint[]): void {
    for (const { endpointId, provider, credential } of endpoints) {
      if (credential.owner === "company") continue;
      this.#watched.delete(endpointId);
      this.#watched.set(endpointId, provider);
    }
    for (const oldest of this.#watched.keys()) {
      if (this.#watched.size <= MAX_WATCHED) break;
      this.#watched.delete(oldest);
    }
  }

  note({ endpointId, provider }: PlannedEndpoint, isSuccess: boolean): void {
    if (!this.#deltas.has(endpointId) && this.#deltas.size >= MAX_WATCHED) return;
    const delta = this.#deltas.get(endpointId) ?? { provider, successes: 0, failures: 0, trailingFailures: 0 };
    this.#deltas.set(endpointId, delta);
    if (isSuccess) {
      delta.successes += 1;
      delta.trailingFailures = 0;
    } else {
      delta.failures += 1;
      delta.trailingFailures += 1;
    }
  }

  noteCredential(endpoint: PlannedEndpoint, signal: CredentialSignal, retryAfterMs: number | null): void {
    if (this.#credentials.length >= MAX_WATCHED) return;
    const { provider, credential } = endpoint;
    this.#credentials.push({ credentialId: credential.id, provider, signal, retryAfterMs });
  }

  /** Whether all isolates together set it aside. */
  isCredentialCool(credentialId: string, nowMs: number): boolean {
    const until = this.#coolUntil.get(credentialId);
    if (until === undefined) return false;
    if (until > nowMs) return true;
    this.#coolUntil.delete(credentialId);
    return false;
  }

  /** A credential answered after all. */
  forgetCredential(credentialId: string): void {
    this.#coolUntil.delete(credentialId);
  }

  standing(endpointId: string, nowMs: number): Standing {
    const known = this.#known.get(endpointId);
    if (known === undefined) return "well";
    if (known.openUntilMs > nowMs) return "open";
    if (nowMs - known.heardAtMs > MAX_STALE_MS) return "well";
    return known.share > 0 ? "ramping" : "open";
  }

  /** Whether a request may go there now; takes the probe, where this isolate has it. */
  admits(endpointId: string, nowMs: number, random: () => number): boolean {
    const known = this.#known.get(endpointId);
    if (known === undefined) return true;
    if (known.mayProbe && nowMs - known.heardAtMs <= MAX_STALE_MS) {
      known.mayProbe = false;
      return true;
    }
    const standing = this.standing(endpointId, nowMs);
    return standing === "well" || (standing === "ramping" && random() < known.share);
  }

  /** Share of failures, as last heard; 0 when nothing was. */
  failureRatio(endpointId: string): number {
    return this.#known.get(endpointId)?.failureRatio ?? 0;
  }

  /** What there is to tell, which is then forgotten. */
  take(): HealthReport {
    const report = {
      watched: [...this.#watched].map(([endpointId, provider]) => ({ endpointId, provider })),
      endpoints: [...this.#deltas].map(([endpointId, delta]) => ({ endpointId, ...delta })),
      credentials: this.#credentials,
    };
    this.#deltas.clear();
    this.#credentials = [];
    return report;
  }

  /** What was heard, in answer to a report: of what it watched and is not named, all is well. */
  hear(snapshot: HealthSnapshot, watched: HealthReport["watched"], nowMs: number): void {
    for (const { endpointId } of watched) this.#known.delete(endpointId);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    for (const { endpointId, ...health } of snapshot.endpoints) {
      this.#known.set(endpointId, { ...health, heardAtMs: nowMs });
    }
    this.#coolUntil.clear();
    for (const { credentialId, untilMs } of snapshot.credentials) this.#coolUntil.set(credentialId, untilMs);
  }
}
