import { z } from "zod";
import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { Answer } from "./result.ts";

/** `half_open`: one request may try; `ramping`: back with a share of its traffic. */
export const CIRCUIT_STATES = ["closed", "open", "half_open", "ramping"] as const;
export type CircuitState = (typeof CIRCUIT_STATES)[number];

/**
 * `rejected`: 401 with the platform's credential; `forbidden`: 403, which may also be about what was asked;
 * `accepted`: a credential that was set aside works again.
 */
export const CREDENTIAL_SIGNALS = ["rate_limited", "rejected", "forbidden", "out_of_credit", "accepted"] as const;
export type CredentialSignal = (typeof CREDENTIAL_SIGNALS)[number];

const Id = z.string().min(1).max(256);
const Count = z.number().int().min(0).max(1_000_000);

/** What an isolate saw since its last report: the platform's own credentials only, and nothing that a client caused. */
export const HealthReport = z.object({
  /** Endpoints that it serves, seen lately: of these it wants to be told. */
  watched: z.array(z.object({ endpointId: Id, provider: Id })).max(200),
  endpoints: z
    .array(
      z.object({
        endpointId: Id,
        provider: Id,
        successes: Count,
        failures: Count,
        /** Failures since the last success. */
        trailingFailures: Count,
      }),
    )
    .max(200),
  credentials: z
    .array(
      z.object({
        credentialId: Id,
        provider: Id,
        signal: z.enum(CREDENTIAL_SIGNALS),
        /** What the provider asked us to wait; null: it did not say. */
        retryAfterMs: z.number().int().min(0).nullable(),
      }),
    )
    .max(200),
});
export type HealthReport = z.infer<typeof HealthReport>;

/** An endpoint that does not get all of its traffic; whatever is not named does. */
export interface SharedEndpointHealth {
  readonly endpointId: string;
  /** Of the requests that would go there, 0 to 1. */
  readonly share: number;
  /** Until then it stays passed by, whatever becomes of later snapshots; 0: not open. */
  readonly openUntilMs: number;
  /** This isolate, and no other, may try it with one request. */
  readonly mayProbe: boolean;
  readonly failureRatio: number;
}

/** What all isolates together have seen. */
export interface HealthSnapshot {
  readonly endpoints: readonly SharedEndpointHealth[];
  readonly credentials: readonly { readonly credentialId: string; readonly untilMs: number }[];
}

/** An endpoint as an operator sees it. */
export interface CircuitView {
  readonly endpoint: string;
  readonly provider: string;
  readonly state: CircuitState;
  readonly share: number;
  readonly recent_successes: number;
  readonly recent_failures: number;
  readonly consecutive_failures: number;
  /** How often it opened in a row. */
  readonly trips: number;
  readonly since: string;
  readonly open_until: string | null;
}

/** A credential of the platform that is set aside. */
export interface SetAsideCredentialView {
  readonly credential: string;
  readonly provider: string;
  readonly reason: Exclude<CredentialSignal, "accepted">;
  readonly until: string;
}

export interface ProviderHealthView {
  readonly circuits: readonly CircuitView[];
  readonly credentials: readonly SetAsideCredentialView[];
}

/** A provider as anybody may see it: the worst state among its endpoints. */
export interface ProviderCircuitView {
  readonly provider: string;
  readonly state: CircuitState;
}

/** Health as all isolates share it. Never on the way of a request: what it knows is a hint for the order. */
export interface ProviderHealthApi {
  /** Adds what an isolate saw and answers what all of them saw. `invalid_request`. */
  reportHealth(context: CallContext, report: HealthReport): Answer<HealthSnapshot>;
  /** Operators only: endpoints that were called lately or are not closed. */
  adminHealth(context: CallContext, actor: Actor): Answer<ProviderHealthView>;
  /** For the public status: providers that are on and were called lately or are not closed. */
  providerCircuits(context: CallContext): Answer<readonly ProviderCircuitView[]>;
  /** Operators only: closes the circuit of an endpoint and takes its provider's credentials back. `not_found`. */
  adminResetHealth(context: CallContext, actor: Actor, endpointId: string): Answer<ProviderHealthView>;
}
