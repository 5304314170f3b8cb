import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { ClientError } from "../http/error-answer.ts";
import type { AttemptFailure } from "./attempt-failure.ts";
import { maskSecrets } from "./mask-secrets.ts";

/** What the client is told when no attempt succeeded; `last` is the attempt that decided. */
export function clientErrorOf(last: AttemptFailure, endpoint: PlannedEndpoint | null): ClientError {
  switch (last.outcome) {
    case "client_error":
      return refusedByProvider(last, endpoint);
    case "rate_limited":
      return {
        code: "upstream_rate_limited",
        message: "The providers of this model are at their rate limit; try again later.",
        retryAfterSeconds: retryAfterSeconds(last.retryAfterMs),
      };
    case "first_byte_timeout":
    case "idle_timeout":
    case "total_timeout":
      return { code: "upstream_timeout", message: "The provider did not answer in time." };
    case "client_disconnected":
    case "cancelled":
      return { code: "upstream_error", message: "The request was stopped before the provider answered." };
    case "connect_failed":
    case "server_error":
    case "credential_rejected":
    case "out_of_credit":
    case "redirected":
      return { code: "upstream_error", message: "The provider could not serve this request." };
    case "error_frame":
    case "empty_stream":
    case "cut_stream":
    case "malformed_answer":
      return { code: "upstream_error", message: "The provider's answer was broken." };
    case "too_large":
      return { code: "upstream_error", message: "The provider's answer was too large." };
  }
}

function refusedByProvider(last: AttemptFailure, endpoint: PlannedEndpoint | null): ClientError {
  const secrets = [endpoint?.credential.secret ?? null];
  const show = (text: string | null | undefined) =>
    text === null || text === undefined ? null : maskSecrets(text, secrets);
  const param = show(last.refusal?.param);
  return {
    code: "upstream_refused",
    status: last.status ?? 400,
    message: show(last.refusal?.message) ?? "The provider refused this request as invalid.",
    upstreamCode: show(last.refusal?.code),
    ...(param === null ? {} : { param }),
  };
}

const MAX_RETRY_AFTER_SECONDS = 3_600;

function retryAfterSeconds(ms: number | null): number {
  return Math.min(MAX_RETRY_AFTER_SECONDS, Math.max(1, Math.ceil((ms ?? 1_000) / 1_000)));
}
