export type SpanAttributes = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

/** One timed piece of work. https://opentelemetry.io/docs/specs/otel/trace/api/#span */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: "internal" | "server" | "client";
  readonly startMs: number;
  readonly endMs: number;
  /** null is left out. Never content, a credential or text of a client. */
  readonly attributes: SpanAttributes;
  /** Low-cardinality name of what went wrong; null: nothing did. */
  readonly errorType: string | null;
}

/** OTLP's numbers. https://opentelemetry.io/docs/specs/otlp/ */
const KIND = { internal: 1, server: 2, client: 3 } as const;
const STATUS_ERROR = 2;

/** Spans as the JSON body of OTLP/HTTP's `/v1/traces`. */
export function otlpTraces(worker: string, spans: readonly Span[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: {
          attributes: keyValues({ "service.name": `aggregator-${worker}`, "service.namespace": "aggregator" }),
        },
        scopeSpans: [{ scope: { name: "aggregator" }, spans: spans.map(otlpSpan) }],
      },
    ],
  });
}

function otlpSpan(span: Span) {
  const errorType = span.errorType === null ? {} : { "error.type": span.errorType };
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: KIND[span.kind],
    startTimeUnixNano: nanos(span.startMs),
    endTimeUnixNano: nanos(Math.max(span.startMs, span.endMs)),
    attributes: keyValues({ ...span.attributes, ...errorType }),
    status: span.errorType === null ? {} : { code: STATUS_ERROR },
  };
}

/** 64-bit integers are strings in OTLP's JSON. */
function nanos(ms: number): string {
  return `${Math.round(ms)}000000`;
}

function keyValues(attributes: SpanAttributes) {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [{ key, value: anyValue(value) }],
  );
}

function anyValue(value: string | number | boolean | readonly string[]): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { arrayValue: { values: value.map((item) => ({ stringValue: item })) } };
}
