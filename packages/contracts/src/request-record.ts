import type { DataPlaneEndpoint } from "./data-plane.ts";
import type { Usage, UsageQuality } from "./usage.ts";

/** Why an attempt at an endpoint ended; closed, so that breaker and records agree. */
export const ATTEMPT_OUTCOMES = [
  "success",
  "connect_failed",
  "first_byte_timeout",
  "idle_timeout",
  "total_timeout",
  "rate_limited",
  "credential_rejected",
  "out_of_credit",
  "server_error",
  "error_frame",
  "empty_stream",
  "cut_stream",
  "malformed_answer",
  "too_large",
  "redirected",
  "client_error",
  "client_disconnected",
  "cancelled",
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** One call to a provider. `lossNanoUsd`: what the provider may have billed for a failed attempt; the platform bears it. */
export interface Attempt {
  readonly endpointId: string;
  readonly provider: string;
  readonly outcome: AttemptOutcome;
  /** Upstream HTTP status, null when no headers arrived. */
  readonly status: number | null;
  readonly startedAtMs: number;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
  readonly lossNanoUsd: number;
}

/** How a request ended, stored on its row in the account: the company's receipt. */
export interface RequestRecord {
  /** Status that the client saw. */
  readonly status: number;
  readonly errorCode: string | null;
  /** Slug and catalogue model that served; null when none did. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly attempts: readonly Attempt[];
  readonly usage: Usage | null;
  readonly usageQuality: UsageQuality;
  readonly priceVersion: string | null;
  /** Whose provider key served, and so who pays the provider; absent where none did, and from a version before. */
  readonly credentialOwner?: "platform" | "company";
  /** The request came to less than its price version's minimum, and was charged that; absent: it did not. */
  readonly minimumApplied?: true;
  readonly finishReason: string | null;
  readonly latencyMs: number;
  readonly timeToFirstTokenMs: number | null;
  readonly clientDisconnected: boolean;
  readonly cache: "hit" | "miss" | "off";
  readonly clientRequestId: string | null;
}

/** What is known of a request when it is reserved. */
export interface RequestSubject {
  readonly endpoint: DataPlaneEndpoint;
  readonly requestedModel: string;
  /** First planned endpoint; the record says which one served. */
  readonly provider: string;
  readonly model: string;
  readonly priceVersion: string;
  /** Of the first planned endpoint; absent from callers of a version before. */
  readonly credentialOwner?: "platform" | "company";
  readonly stream: boolean;
}
