import type { Meter } from "@aggregator/runtime/meter";
import type { InferenceCall } from "../pipeline/inference-call.ts";
import { errorOf, type RequestEnd } from "./request-end.ts";

/** Counts one request that has ended, and its calls to providers. */
export function countRequest(meter: Meter, call: InferenceCall, end: RequestEnd, nowMs: number): void {
  const { endpoint } = call.request;
  const provider = end.provider ?? "";
  meter.count("aggregator_inference_requests_total", { endpoint, provider, error: errorOf(end) });
  const seconds = Math.max(0, nowMs - call.context.receivedAtMs) / 1_000;
  meter.observe("aggregator_inference_duration_seconds", { endpoint }, seconds);
  const { timeToFirstTokenMs } = call.timing;
  if (timeToFirstTokenMs !== null) {
    meter.observe("aggregator_time_to_first_token_seconds", { endpoint }, timeToFirstTokenMs / 1_000);
  }
  for (const attempt of call.attempts) {
    meter.count("aggregator_provider_attempts_total", { provider: attempt.provider, outcome: attempt.outcome });
  }
}
