import type { ErrorCode } from "@aggregator/contracts/result";
import type { SpanAttributes } from "@aggregator/runtime/span";
import type { OpenSpan } from "@aggregator/runtime/tracer";
import { newSpanId } from "@aggregator/runtime/traceparent";
import type { Env } from "../env.ts";
import type { AccessLine } from "../http/log-access.ts";
import type { RequestIdentity } from "../http/request-identity.ts";
import { tracerOf } from "./tracer.ts";

/** The span of a whole request as the edge saw it: from its arrival to the headers of its answer. */
export function recordRequestSpan(
  env: Env,
  ctx: Pick<ExecutionContext, "waitUntil">,
  { identity, span, line, nowMs }: { identity: RequestIdentity; span: OpenSpan; line: AccessLine; nowMs: number },
): void {
  const tracer = tracerOf(env);
  if (tracer === null) return;
  const { traceId, spanId, parentSpanId, startMs } = span;
  tracer.record({
    traceId,
    spanId,
    parentSpanId,
    name: `${line.method} ${line.route}`,
    kind: "server",
    startMs,
    endMs: nowMs,
    attributes: {
      "http.request.method": line.method,
      "http.route": line.route,
      "http.response.status_code": line.status,
      "aggregator.request_id": identity.context.requestId,
      "aggregator.company_id": line.principal?.actor.companyId ?? null,
    },
    errorType: line.status >= 500 ? String(line.status) : null,
  });
  const exporting = tracer.exportLater(nowMs);
  if (exporting !== null) ctx.waitUntil(exporting);
}

/** A step of a request, now over. */
export function recordStep(
  env: Env,
  parent: OpenSpan,
  step: {
    readonly name: string;
    readonly startMs: number;
    readonly attributes: SpanAttributes;
    readonly error: ErrorCode | null;
  },
): void {
  tracerOf(env)?.record({
    traceId: parent.traceId,
    spanId: newSpanId(),
    parentSpanId: parent.spanId,
    name: step.name,
    kind: "internal",
    startMs: step.startMs,
    endMs: Date.now(),
    attributes: step.attributes,
    errorType: step.error,
  });
}
