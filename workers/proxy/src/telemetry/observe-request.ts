import { countInputTokens } from "@aggregator/money/resolve-price";
import { correlation } from "@aggregator/runtime/log";
import type { InferenceCall } from "../pipeline/inference-call.ts";
import { countRequest } from "./count-request.ts";
import { meterOf } from "./meter.ts";
import { errorOf, type RequestEnd } from "./request-end.ts";
import { spansOfRequest } from "./spans-of-request.ts";
import { tracerOf } from "./tracer.ts";

/**
 * Says that a request is over: one log line, its numbers, its spans where it is traced, a data point
 * where there is a dataset. After the answer and the settlement; nothing of it is waited for, and
 * nothing of it can fail a request.
 */
export function observeRequest(call: InferenceCall): void {
  const { end } = call;
  if (end === null) return;
  const nowMs = Date.now();
  logRequest(call, end, nowMs);
  const meter = meterOf(call.env);
  if (meter !== null) {
    countRequest(meter, call, end, nowMs);
    keepAlive(call, meter.pushLater(nowMs));
  }
  if (call.span !== null) {
    const tracer = tracerOf(call.env);
    for (const span of spansOfRequest(call, call.span, end, nowMs)) tracer?.record(span);
    keepAlive(call, tracer?.exportLater(nowMs) ?? null);
  }
  call.env.USAGE_POINTS?.writeDataPoint(pointOf(call, end, nowMs));
}

function keepAlive(call: InferenceCall, work: Promise<void> | null): void {
  if (work !== null) call.waitUntil(work);
}

function logRequest(call: InferenceCall, end: RequestEnd, nowMs: number): void {
  const { context, caller, attempts, timing } = call;
  call.config.log[end.status >= 500 ? "warn" : "info"]("inference", {
    ...correlation(context.call),
    client_request_id: context.clientRequestId,
    company_id: caller.companyId,
    key_id: caller.key.keyId,
    endpoint: call.request.endpoint,
    provider: end.provider,
    model: end.model,
    status: end.status,
    error_code: end.errorCode,
    outcome: errorOf(end) || "ok",
    attempts: attempts.length,
    latency_ms: nowMs - context.receivedAtMs,
    time_to_first_token_ms: timing.timeToFirstTokenMs,
    price_nano_usd: end.priceNanoUsd,
  });
}

/** For live views by any dimension; sampled by the platform, so never for money. docs/storage.md names the columns. */
function pointOf(call: InferenceCall, end: RequestEnd, nowMs: number): AnalyticsEngineDataPoint {
  const { caller, request, timing, attempts } = call;
  const usage = end.usage ?? {};
  return {
    indexes: [caller.companyId],
    blobs: [
      caller.key.keyId,
      caller.principal.actor.memberId,
      request.endpoint,
      end.provider,
      end.model,
      String(end.status),
      errorOf(end),
    ],
    doubles: [
      end.priceNanoUsd,
      end.costNanoUsd,
      countInputTokens(usage),
      (usage.output ?? 0) + (usage.reasoning ?? 0) + (usage.output_audio ?? 0),
      nowMs - call.context.receivedAtMs,
      timing.timeToFirstTokenMs ?? -1,
      attempts.length,
    ],
  };
}
