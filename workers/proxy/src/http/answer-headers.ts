import type { LimitState } from "@aggregator/contracts/account";
import { DATA_PLANE_ANSWER_HEADERS } from "@aggregator/contracts/data-plane";
import type { RequestContext } from "./context.ts";

export interface LimitStates {
  readonly requests?: LimitState | null;
  readonly tokens?: LimitState | null;
}

/** `x-ratelimit-*` as OpenAI names them, exactly for the limits that apply. */
export function addRateLimits(headers: Headers, limits: LimitStates): void {
  addLimit(headers, "requests", limits.requests);
  addLimit(headers, "tokens", limits.tokens);
}

function addLimit(headers: Headers, name: string, state: LimitState | null | undefined): void {
  if (state === null || state === undefined) return;
  headers.set(`x-ratelimit-limit-${name}`, String(state.limit));
  headers.set(`x-ratelimit-remaining-${name}`, String(state.remaining));
  headers.set(`x-ratelimit-reset-${name}`, formatDuration(state.resetMs));
}

/** A duration as OpenAI writes it: `850ms`, `12s`, `6m0s`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.ceil(ms))}ms`;
  const seconds = Math.ceil(ms / 1_000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** Headers of any answer of ours: the gateway hands it through as it is. */
export function answerHeaders(context: RequestContext, contentType: string): Headers {
  const headers = new Headers({
    ...DATA_PLANE_ANSWER_HEADERS,
    "content-type": contentType,
    "x-request-id": context.call.requestId,
  });
  if (context.clientRequestId !== null) headers.set("x-client-request-id", context.clientRequestId);
  return headers;
}
