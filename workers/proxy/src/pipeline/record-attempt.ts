import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { Attempt, AttemptOutcome } from "@aggregator/contracts/request-record";
import { bulkhead } from "../health/bulkhead.ts";
import { localHealth } from "../health/local-health.ts";
import { reportHealth } from "../health/report-health.ts";
import type { InferenceCall } from "./inference-call.ts";
import type { UpstreamCall } from "./upstream-call.ts";

/** What is told of an attempt beyond its outcome. */
export interface AttemptDetails {
  readonly status?: number | null;
  readonly lossNanoUsd?: number;
  readonly retryAfterMs?: number | null;
  /** An attempt that was listed when it began. */
  readonly attempt?: number;
}

/** An attempt ended: it is listed on the request's record and counts for the endpoint's health. */
export function recordAttempt(
  call: InferenceCall,
  endpoint: PlannedEndpoint,
  upstream: UpstreamCall,
  outcome: AttemptOutcome,
  { status = upstream.status, lossNanoUsd = 0, retryAfterMs = null, attempt }: AttemptDetails = {},
): void {
  bulkhead.leave(endpoint.provider, upstream);
  const listed = { ...attemptFacts(endpoint, upstream), status, outcome, lossNanoUsd };
  if (attempt === undefined) call.attempts.push(listed);
  else call.attempts[attempt] = listed;
  reportHealth(call, localHealth.note(endpoint, { outcome, status, retryAfterMs }, Date.now()));
}

/** Lists a stream that has begun, so that its client is told of the attempt; returns its place. */
export function listOpenAttempt(call: InferenceCall, endpoint: PlannedEndpoint, upstream: UpstreamCall): number {
  return call.attempts.push({ ...attemptFacts(endpoint, upstream), outcome: "success", lossNanoUsd: 0 }) - 1;
}

function attemptFacts(endpoint: PlannedEndpoint, upstream: UpstreamCall): Omit<Attempt, "outcome" | "lossNanoUsd"> {
  const { startedAtMs, firstByteAtMs } = upstream;
  return {
    endpointId: endpoint.endpointId,
    provider: endpoint.provider,
    status: upstream.status,
    startedAtMs,
    firstByteMs: firstByteAtMs === null ? null : firstByteAtMs - startedAtMs,
    durationMs: Date.now() - startedAtMs,
  };
}
