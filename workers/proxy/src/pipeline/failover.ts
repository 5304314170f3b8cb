import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { ErrorValue } from "@aggregator/contracts/result";
import { exchangeFor } from "../adapters/registry.ts";
import type { Exchange } from "../adapters/adapter.ts";
import { promptCost } from "../domain/bound-request.ts";
import { isFinal, mayRecover, type AttemptFailure } from "../domain/attempt-failure.ts";
import { localHealth } from "../health/local-health.ts";
import { retryBudget } from "../health/retry-budget.ts";
import { backoffMs } from "../domain/retry-after.ts";
import { reasonToPass } from "../routing/reason-to-pass.ts";
import { forwardToEndpoint, type Forwarded } from "./forward-to-endpoint.ts";
import type { InferenceCall } from "./inference-call.ts";
import { recordAttempt } from "./record-attempt.ts";
import type { UpstreamCall } from "./upstream-call.ts";

export const MAX_ATTEMPTS = 3;

/** An endpoint that can serve the request, and how. */
export interface Candidate {
  readonly endpoint: PlannedEndpoint;
  readonly exchange: Exchange;
}

export type Served =
  | {
      readonly kind: "served";
      readonly endpoint: PlannedEndpoint;
      readonly answer: Exclude<Forwarded, { kind: "failed" }>;
    }
  | { readonly kind: "failed"; readonly endpoint: PlannedEndpoint; readonly failure: AttemptFailure }
  /** No provider can honour the request as it is; nothing was sent. */
  | { readonly kind: "refused"; readonly error: ErrorValue };

/** `refusal`: why the first of the others cannot honour the request; null when none said so. */
export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly refusal: ErrorValue | null;
}

const ALL_DOWN: ErrorValue = {
  code: "no_endpoint_available",
  message: "No provider of this model answers now; try again shortly.",
  retryAfterSeconds: 5,
};

/** The planned endpoints that can honour this request, at most as many as are tried. */
export function candidatesOf(call: InferenceCall, endpoints: readonly PlannedEndpoint[]): Candidates {
  const candidates: Candidate[] = [];
  let refusal: ErrorValue | null = null;
  const { order, isShed } = localHealth.select(endpoints, Date.now());
  if (isShed) return { candidates, refusal: ALL_DOWN };
  for (const endpoint of order) {
    const exchange = exchangeFor(call.request, endpoint);
    if (exchange === null) continue;
    const refused = reasonToPass(call, endpoint) ?? exchange.refuse?.(call.request, endpoint) ?? null;
    if (refused === null) candidates.push({ endpoint, exchange });
    else refusal ??= refused;
    if (candidates.length === MAX_ATTEMPTS) break;
  }
  return { candidates, refusal };
}

/**
 * Tries the candidates in order until one gives content: at most three attempts, one deadline. When all
 * were tried and attempts are left, those that may recover are tried again after a jittered pause, or
 * after the provider's `Retry-After` where that is short enough.
 */
export async function failover(call: InferenceCall, candidates: readonly Candidate[]): Promise<Served> {
  let queue = [...candidates];
  let last: Extract<Served, { kind: "failed" | "refused" }> | null = null;
  let retryable: { candidate: Candidate; waitMs: number }[] = [];
  for (let attempt = 0; attempt < MAX_ATTEMPTS;) {
    const candidate = queue.shift();
    if (candidate === undefined) {
      const next = soonest(call, retryable);
      if (next === null) break;
      retryable = retryable.filter((other) => other !== next);
      if (!retryBudget.take(next.candidate.endpoint.baseUrl, Date.now())) continue;
      await pause(next.waitMs, call.clientSignal);
      queue = [next.candidate];
      continue;
    }
    const passed = reasonToPass(call, candidate.endpoint);
    if (passed !== null) {
      last ??= { kind: "refused", error: passed };
      continue;
    }
    const built = candidate.exchange.buildRequest(call.request, candidate.endpoint);
    if (!built.ok) {
      last ??= { kind: "refused", error: built.error };
      continue;
    }
    attempt += 1;
    retryBudget.noteAttempt(candidate.endpoint.baseUrl, Date.now());
    const forwarded = await forwardToEndpoint(call, candidate.endpoint, candidate.exchange, built.value);
    if (forwarded.kind !== "failed") return { kind: "served", endpoint: candidate.endpoint, answer: forwarded };
    forwarded.upstream.watchdog.end();
    forwarded.upstream.letGo();
    recordFailure(call, candidate.endpoint, forwarded.upstream, forwarded.failure);
    last = { kind: "failed", endpoint: candidate.endpoint, failure: forwarded.failure };
    if (isFinal(forwarded.failure)) break;
    if (mayRecover(forwarded.failure)) {
      retryable.push({ candidate, waitMs: forwarded.failure.retryAfterMs ?? backoffMs(attempt) });
    }
  }
  if (last === null) throw new Error("failover was called without candidates");
  return last;
}

/** The endpoint that may be asked again first, if that is soon enough. */
function soonest<Item extends { readonly waitMs: number }>(call: InferenceCall, items: readonly Item[]): Item | null {
  const left = call.deadlineAtMs - Date.now();
  const limit = Math.min(call.config.retryWaitMaxMs, left);
  const possible = items.filter((item) => item.waitMs <= limit).sort((a, b) => a.waitMs - b.waitMs);
  return possible[0] ?? null;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

function recordFailure(
  call: InferenceCall,
  endpoint: PlannedEndpoint,
  upstream: UpstreamCall,
  reason: AttemptFailure,
): void {
  // What a client's own leaving costs is charged to it, not lost.
  const isLoss = reason.mayBeBilled && reason.outcome !== "client_disconnected" && reason.outcome !== "cancelled";
  recordAttempt(call, endpoint, upstream, reason.outcome, {
    status: reason.status,
    lossNanoUsd: isLoss ? promptCost(call.request, endpoint) : 0,
    retryAfterMs: reason.retryAfterMs,
  });
}
