import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { otlpTraces, type Span } from "../src/span.ts";
import { createTracer, isTraceKept, type TracerOptions } from "../src/tracer.ts";
import { parseTraceparent } from "../src/traceparent.ts";
import { type Collector, startCollector } from "./collector/collector.ts";

const SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const NOT_SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

let collector: Collector;
let dropped = 0;

beforeEach(async () => {
  collector = await startCollector();
  dropped = 0;
});
afterEach(() => collector[Symbol.asyncDispose]());

function tracer(options: Partial<TracerOptions> = {}) {
  return createTracer({
    worker: "proxy",
    endpoint: `${collector.url}/`,
    headers: { "x-token": "t" },
    intervalMs: 5,
    timeoutMs: 200,
    onDropped: (count) => (dropped += count),
    ...options,
  });
}

function span(changes: Partial<Span> = {}): Span {
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "00f067aa0ba902b7",
    parentSpanId: "b7ad6b7169203331",
    name: "chat gpt",
    kind: "client",
    startMs: 1_795_000_000_000,
    endMs: 1_795_000_000_250,
    attributes: {},
    errorType: null,
    ...changes,
  };
}

function names(): string[] {
  return collector.received.flatMap(({ body }) =>
    [...body.matchAll(/"name":"(chat[^"]*)"/g)].map(([, name]) => name ?? ""),
  );
}

describe("a span in OTLP's JSON", () => {
  it("has hexadecimal ids, nanoseconds as strings, typed attributes and a status", () => {
    const attributes = {
      "gen_ai.request.model": "gpt",
      "gen_ai.usage.input_tokens": 12,
      share: 0.5,
      stream: true,
      "gen_ai.response.finish_reasons": ["stop"],
      absent: null,
    };
    const body = JSON.parse(otlpTraces("proxy", [span({ attributes, errorType: "upstream_error" })])) as unknown;
    expect(body).toEqual({
      resourceSpans: [
        {
          resource: {
            attributes: [
              { key: "service.name", value: { stringValue: "aggregator-proxy" } },
              { key: "service.namespace", value: { stringValue: "aggregator" } },
            ],
          },
          scopeSpans: [
            {
              scope: { name: "aggregator" },
              spans: [
                {
                  traceId: "0af7651916cd43dd8448eb211c80319c",
                  spanId: "00f067aa0ba902b7",
                  parentSpanId: "b7ad6b7169203331",
                  name: "chat gpt",
                  kind: 3,
                  startTimeUnixNano: "1795000000000000000",
                  endTimeUnixNano: "1795000000250000000",
                  attributes: [
                    { key: "gen_ai.request.model", value: { stringValue: "gpt" } },
                    { key: "gen_ai.usage.input_tokens", value: { intValue: "12" } },
                    { key: "share", value: { doubleValue: 0.5 } },
                    { key: "stream", value: { boolValue: true } },
                    {
                      key: "gen_ai.response.finish_reasons",
                      value: { arrayValue: { values: [{ stringValue: "stop" }] } },
                    },
                    { key: "error.type", value: { stringValue: "upstream_error" } },
                  ],
                  status: { code: 2 },
                },
              ],
            },
          ],
        },
      ],
    });
  });
});

describe("the tracer", () => {
  it("begins a span under the caller's and hands its own on; none when the caller's trace is not sampled", () => {
    const open = tracer().begin(SAMPLED, 5);
    expect(open).toMatchObject({
      traceId: "0af7651916cd43dd8448eb211c80319c",
      parentSpanId: "b7ad6b7169203331",
      startMs: 5,
    });
    expect(open?.traceparent).toBe(`00-${open?.traceId}-${open?.spanId}-01`);
    expect(tracer().begin(NOT_SAMPLED, 5)).toBeNull();
  });

  it("sends what was recorded within an interval in one request, with the collector's headers", async () => {
    const one = tracer();
    expect(one.exportLater(0)).toBeNull();
    one.record(span({ name: "chat a" }));
    const sent = one.exportLater(0);
    one.record(span({ name: "chat b" }));
    expect(one.exportLater(1)).toBeNull();
    await sent;
    expect(collector.received).toMatchObject([
      { path: "/v1/traces", headers: { "content-type": "application/json", "x-token": "t" } },
    ]);
    expect(names()).toEqual(["chat a", "chat b"]);
  });

  it.each([
    ["answers 503", 503],
    ["answers 429", 429],
    ["never answers", 0],
  ])("keeps spans for the next time when the collector %s", async (_, status) => {
    const one = tracer();
    collector.status = status;
    one.record(span({ name: "chat a" }));
    await one.exportLater(0);
    collector.status = 200;
    one.record(span({ name: "chat b" }));
    await one.exportLater(1_000);
    expect(names()).toEqual(["chat a", "chat a", "chat b"]);
    expect(dropped).toBe(0);
  });

  it("gives spans up that the collector calls wrong, and says how many", async () => {
    const one = tracer();
    collector.status = 400;
    one.record(span());
    await one.exportLater(0);
    expect(one.exportLater(1_000)).toBeNull();
    expect(dropped).toBe(1);
  });

  it("is bounded while the collector is down, and says how many it gave up", () => {
    const one = tracer({ endpoint: "http://127.0.0.1:1" });
    for (let index = 0; index < 3_000; index += 1) one.record(span());
    expect(dropped).toBe(3_000 - 2_048);
  });

  it("does not wait for ever for an export whose invocation was ended", () => {
    const one = tracer();
    one.record(span());
    expect(one.exportLater(0)).not.toBeNull();
    expect(one.exportLater(209)).toBeNull();
    expect(one.exportLater(210)).not.toBeNull();
  });
});

describe("a share of traces", () => {
  it.each([
    [0, 0, 0],
    [0.25, 200, 300],
    [1, 1_000, 1_000],
  ])("of %f keeps so many, by the trace's id", (share, least, most) => {
    const ids = Array.from({ length: 1_000 }, (_, index) => parseTraceparent(SAMPLED).traceId.slice(8) + hash(index));
    const kept = ids.filter((id) => isTraceKept(id, share)).length;
    expect(kept).toBeGreaterThanOrEqual(least);
    expect(kept).toBeLessThanOrEqual(most);
  });
});

function hash(index: number): string {
  return (Math.imul(index, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
}
