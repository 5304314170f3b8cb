import type { AttemptOutcome } from "@aggregator/contracts/request-record";
import type { Refusal } from "../adapters/adapter.ts";

/** Why an attempt gave the client nothing. */
export interface AttemptFailure {
  readonly outcome: Exclude<AttemptOutcome, "success">;
  readonly status: number | null;
  /** What the provider asked us to wait; null when it did not say. */
  readonly retryAfterMs: number | null;
  /** What the client may see of a refusal it caused. */
  readonly refusal: Refusal | null;
  /** The request was sent and the provider may bill it. */
  readonly mayBeBilled: boolean;
}

const CLIENT_ERRORS: ReadonlySet<number> = new Set([400, 404, 413, 422]);

/** The outcome of an answer whose status is not 2xx. */
export function outcomeOfStatus(status: number): AttemptFailure["outcome"] {
  if (status >= 300 && status < 400) return "redirected";
  if (CLIENT_ERRORS.has(status)) return "client_error";
  if (status === 401 || status === 403) return "credential_rejected";
  if (status === 402) return "out_of_credit";
  if (status === 429) return "rate_limited";
  return "server_error";
}

/** A failure without an answer to read. */
export function failure(
  outcome: AttemptFailure["outcome"],
  details: Partial<Omit<AttemptFailure, "outcome">> = {},
): AttemptFailure {
  return { outcome, status: null, retryAfterMs: null, refusal: null, mayBeBilled: false, ...details };
}

/** True when the same endpoint may answer a moment later. */
export function mayRecover(reason: AttemptFailure): boolean {
  switch (reason.outcome) {
    case "connect_failed":
    case "server_error":
    case "error_frame":
    case "empty_stream":
    case "cut_stream":
    case "rate_limited":
      return true;
    case "first_byte_timeout":
    case "idle_timeout":
    case "total_timeout":
    case "credential_rejected":
    case "out_of_credit":
    case "malformed_answer":
    case "too_large":
    case "redirected":
    case "client_error":
    case "client_disconnected":
    case "cancelled":
      return false;
  }
}

/** True when no other endpoint is to be tried: the client caused it, left, or the time is over. */
export function isFinal(reason: AttemptFailure): boolean {
  switch (reason.outcome) {
    case "client_error":
    case "client_disconnected":
    case "cancelled":
    case "total_timeout":
      return true;
    case "connect_failed":
    case "first_byte_timeout":
    case "idle_timeout":
    case "rate_limited":
    case "credential_rejected":
    case "out_of_credit":
    case "server_error":
    case "error_frame":
    case "empty_stream":
    case "cut_stream":
    case "malformed_answer":
    case "too_large":
    case "redirected":
      return false;
  }
}
