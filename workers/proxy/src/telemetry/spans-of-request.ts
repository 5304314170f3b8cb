import type { Attempt } from "@aggregator/contracts/request-record";
import { countInputTokens } from "@aggregator/money/resolve-price";
import type { Span, SpanAttributes } from "@aggregator/runtime/span";
import type { OpenSpan } from "@aggregator/runtime/tracer";
import { newSpanId } from "@aggregator/runtime/traceparent";
import type { InferenceCall } from "../pipeline/inference-call.ts";
import { errorOf, type RequestEnd } from "./request-end.ts";

/** OpenTelemetry's well-known names; others go under their own path. https://opentelemetry.io/docs/specs/semconv/gen-ai/ */
const OPERATIONS: Readonly<Record<string, string>> = {
  "/v1/chat/completions": "chat",
  "/v1/messages": "chat",
  "/v1/responses": "chat",
  "/v1/completions": "text_completion",
  "/v1/embeddings": "embeddings",
};

type Facts = Pick<InferenceCall, "request" | "context" | "timing" | "attempts">;
interface Step {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes?: SpanAttributes;
  readonly error?: string | null;
}

/**
 * The spans of one request, made from what was noted on its way when it is over, so that a request that is
 * not traced pays nothing for them: the request, plan, reserve, each attempt, the first token, settle.
 */
export function spansOfRequest(call: Facts, own: OpenSpan, end: RequestEnd, nowMs: number): Span[] {
  const operation = OPERATIONS[call.request.endpoint] ?? call.request.endpoint.replace(/^\/v1\//, "");
  const child = (step: Step): Span => ({
    traceId: own.traceId,
    spanId: newSpanId(),
    parentSpanId: own.spanId,
    kind: "internal",
    name: step.name,
    startMs: step.startMs,
    endMs: step.endMs,
    attributes: step.attributes ?? {},
    errorType: step.error ?? null,
  });
  const attempts = call.attempts.map((attempt, index) => ({
    ...child(attemptStep(attempt, call, operation, index === call.attempts.length - 1 ? end : null)),
    kind: "client" as const,
  }));
  const request: Span = {
    traceId: own.traceId,
    spanId: own.spanId,
    parentSpanId: own.parentSpanId,
    name: `inference ${call.request.endpoint}`,
    kind: "server",
    startMs: own.startMs,
    endMs: nowMs,
    attributes: requestAttributes(call, operation, end),
    errorType: end.status >= 500 || end.errorCode !== null ? errorOf(end) : null,
  };
  return [request, ...stepsOf(call).map(child), ...attempts];
}

function stepsOf({ timing, context, request }: Facts): Step[] {
  const { startedAtMs, planMs, reserveMs, timeToFirstTokenMs, settleStartedAtMs, settleMs } = timing;
  const reserveStartedAtMs = startedAtMs + planMs;
  const steps: Step[] = [{ name: "plan", startMs: startedAtMs, endMs: reserveStartedAtMs }];
  if (timing.hasReserved) {
    steps.push({ name: "reserve", startMs: reserveStartedAtMs, endMs: reserveStartedAtMs + reserveMs });
  }
  if (timeToFirstTokenMs !== null && request.stream) {
    const firstTokenAtMs = context.receivedAtMs + timeToFirstTokenMs;
    steps.push({ name: "first token", startMs: context.receivedAtMs, endMs: firstTokenAtMs });
  }
  if (settleStartedAtMs !== null) {
    steps.push({ name: "settle", startMs: settleStartedAtMs, endMs: settleStartedAtMs + settleMs });
  }
  return steps;
}

/** `last`: how the request ended, for the attempt that decided it. */
function attemptStep(attempt: Attempt, { request }: Facts, operation: string, last: RequestEnd | null): Step {
  const model = request.models[0] ?? "";
  const isServed = attempt.outcome === "success";
  return {
    name: `${operation} ${model}`,
    startMs: attempt.startedAtMs,
    endMs: attempt.startedAtMs + attempt.durationMs,
    error: isServed ? null : attempt.outcome,
    attributes: {
      "gen_ai.operation.name": operation,
      "gen_ai.provider.name": attempt.provider,
      "gen_ai.request.model": model,
      "gen_ai.request.stream": request.stream,
      "http.response.status_code": attempt.status,
      "aggregator.endpoint_id": attempt.endpointId,
      "aggregator.first_byte_ms": attempt.firstByteMs,
      ...(last === null ? {} : usageAttributes(last)),
    },
  };
}

function requestAttributes({ request, context, attempts }: Facts, operation: string, end: RequestEnd): SpanAttributes {
  return {
    "gen_ai.operation.name": operation,
    "gen_ai.provider.name": end.provider,
    "http.response.status_code": end.status,
    "aggregator.request_id": context.call.requestId,
    "aggregator.company_id": context.caller?.companyId ?? null,
    "aggregator.attempts": attempts.length,
    "aggregator.cost_nano_usd": end.priceNanoUsd,
    "gen_ai.request.stream": request.stream,
    ...usageAttributes(end),
  };
}

function usageAttributes({ model, usage, finishReason }: RequestEnd): SpanAttributes {
  return {
    "gen_ai.response.model": model,
    "gen_ai.response.finish_reasons": finishReason === null ? null : [finishReason],
    "gen_ai.usage.input_tokens": usage === null ? null : countInputTokens(usage),
    "gen_ai.usage.output_tokens":
      usage === null ? null : (usage.output ?? 0) + (usage.reasoning ?? 0) + (usage.output_audio ?? 0),
  };
}
