import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { CONTEXT_HEADERS } from "@aggregator/contracts/data-plane";
import type { MetricsMessage } from "@aggregator/contracts/metrics";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Env } from "../src/env.ts";
import worker from "../src/index.ts";
import { Scene } from "./support/harness.ts";
import { chatAnswer, chatStream, wholeStream } from "./support/wire.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const CALLER_SPAN = "b7ad6b7169203331";

interface Value {
  readonly stringValue?: string;
  readonly intValue?: string;
  readonly boolValue?: boolean;
  readonly arrayValue?: object;
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
  readonly status: { readonly code?: number };
}
interface Exported {
  readonly resourceSpans: readonly { scopeSpans: readonly { spans: readonly Span[] }[] }[];
}

/** One chat through the Worker with an environment of the test's own; the work after the answer has ended. */
async function chat(
  scene: Scene,
  bindings: Env,
  { flags = "01", ...body }: Record<string, unknown> = {},
): Promise<{ status: number; text: string; answeredInMs: number }> {
  const ctx = createExecutionContext();
  const startedAt = Date.now();
  const response = await worker.fetch(
    new Request<unknown, IncomingRequestCfProperties>("https://proxy.internal/v1/chat/completions", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        [CONTEXT_HEADERS.requestId]: `${scene.id}-${Math.random()}`,
        [CONTEXT_HEADERS.traceparent]: `00-${TRACE_ID}-${CALLER_SPAN}-${String(flags)}`,
        [CONTEXT_HEADERS.principal]: JSON.stringify(scene.principal()),
        [CONTEXT_HEADERS.receivedAtMs]: String(startedAt),
      },
      body: JSON.stringify({ model: scene.model, messages: [{ role: "user", content: "CANARY" }], ...body }),
    }),
    bindings,
    ctx,
  );
  const text = await response.text();
  const answeredInMs = Date.now() - startedAt;
  await waitOnExecutionContext(ctx);
  return { status: response.status, text, answeredInMs };
}

/** The Worker's environment with some of it replaced; its bindings are doubles, which their types cannot know. */
function environment(changes: Readonly<Record<string, unknown>>): Env {
  return { ...env, ...changes } as unknown as Env;
}

/** Traces to the provider double, which keeps what is sent to it like any call. */
function tracing(scene: Scene, endpoint = `${env.PROVIDER_URL}/${scene.id}-collector`): Env {
  return environment({ OTLP_ENDPOINT: endpoint, OTLP_INTERVAL_MS: "10", OTLP_TIMEOUT_MS: "200" });
}

/** Counts into a queue of the test's own. */
function counting(intervalMs: number, send: (message: MetricsMessage) => Promise<unknown>): Env {
  return environment({ METRICS: { send }, METRICS_INTERVAL_MS: String(intervalMs) });
}

async function spansOf(scene: Scene): Promise<Span[]> {
  const calls = await scene.providerCalls("collector");
  return calls.flatMap(({ body }) =>
    (JSON.parse(body) as Exported).resourceSpans.flatMap((of) => of.scopeSpans.flatMap(({ spans }) => spans)),
  );
}

function attributesOf(span: Span | undefined): Record<string, Value> {
  return Object.fromEntries((span?.attributes ?? []).map(({ key, value }) => [key, value]));
}

describe("a traced request", () => {
  it("has spans for plan, reserve, each attempt, the first token and settle under its own, in GenAI's words", async () => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a"), scene.endpoint("b")]);
    await scene.provider("collector", { status: 200 });
    await scene.provider("a", { status: 500 });
    await scene.provider("b", chatStream(wholeStream()));
    await chat(scene, tracing(scene), { stream: true });
    const spans = await spansOf(scene);
    const model = scene.model;
    expect(spans.map(({ name }) => name)).toEqual([
      "inference /v1/chat/completions",
      "plan",
      "reserve",
      "first token",
      "settle",
      `chat ${model}`,
      `chat ${model}`,
    ]);
    const [request, ...children] = spans;
    expect(request).toMatchObject({ traceId: TRACE_ID, parentSpanId: CALLER_SPAN, kind: 2, status: {} });
    for (const span of children) {
      expect(span).toMatchObject({ traceId: TRACE_ID, parentSpanId: request?.spanId });
      expect(BigInt(span.startTimeUnixNano)).toBeLessThanOrEqual(BigInt(span.endTimeUnixNano));
    }
    const [failed, served] = children.slice(-2);
    expect(failed).toMatchObject({ kind: 3, status: { code: 2 } });
    expect(attributesOf(failed)).toMatchObject({
      "gen_ai.provider.name": { stringValue: "a" },
      "error.type": { stringValue: "server_error" },
      "http.response.status_code": { intValue: "500" },
    });
    expect(attributesOf(served)).toMatchObject({
      "gen_ai.operation.name": { stringValue: "chat" },
      "gen_ai.provider.name": { stringValue: "b" },
      "gen_ai.request.model": { stringValue: model },
      "gen_ai.response.model": { stringValue: model },
      "gen_ai.response.finish_reasons": { arrayValue: { values: [{ stringValue: "stop" }] } },
    });
    expect(Number(attributesOf(served)["gen_ai.usage.output_tokens"]?.intValue)).toBeGreaterThan(0);
    expect(JSON.stringify(spans)).not.toContain("CANARY");
    expect(JSON.stringify(spans)).not.toContain("sk-secret");
  });

  it("hands its own span on to the provider", async () => {
    const scene = await Scene.withOne(chatAnswer());
    await scene.provider("collector", { status: 200 });
    await chat(scene, tracing(scene));
    const [call] = await scene.providerCalls("a");
    const [request] = await spansOf(scene);
    expect(call?.headers["traceparent"]).toBe(`00-${TRACE_ID}-${request?.spanId}-01`);
  });

  it("is not traced when its caller does not sample it", async () => {
    const scene = await Scene.withOne(chatAnswer());
    await scene.provider("collector", { status: 200 });
    await chat(scene, tracing(scene), { flags: "00" });
    expect(await spansOf(scene)).toEqual([]);
  });
});

describe("what the proxy counts", () => {
  it("is one message for many requests: endings by provider and code, attempts by outcome, times", async () => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a"), scene.endpoint("b")]);
    await scene.provider("a", { status: 500 });
    await scene.provider("b", chatAnswer());
    const sent: MetricsMessage[] = [];
    const bindings = counting(200, (message) => Promise.resolve(sent.push(message)));
    await Promise.all(Array.from({ length: 4 }, () => chat(scene, bindings)));
    expect(sent).toHaveLength(1);
    const counts = sent[0]?.counts ?? [];
    const endpoint = "/v1/chat/completions";
    expect(counts).toContainEqual({
      name: "aggregator_inference_requests_total",
      labels: { endpoint, provider: "b", error: "" },
      increase: 4,
    });
    expect(counts).toContainEqual({
      name: "aggregator_provider_attempts_total",
      labels: { provider: "a", outcome: "server_error" },
      increase: 4,
    });
    expect(counts.map(({ name }) => name)).toContain("aggregator_inference_duration_seconds_sum");
  });

  it("names a refusal by its code", async () => {
    const scene = new Scene();
    await scene.plan([scene.endpoint("a")]);
    await scene.account({ reserveError: { code: "insufficient_balance", message: "no" } });
    const sent: MetricsMessage[] = [];
    await chat(
      scene,
      counting(10, (message) => Promise.resolve(sent.push(message))),
    );
    expect(sent[0]?.counts).toContainEqual({
      name: "aggregator_inference_requests_total",
      labels: { endpoint: "/v1/chat/completions", provider: "", error: "insufficient_balance" },
      increase: 1,
    });
  });
});

describe("what the proxy logs", () => {
  let lines: Record<string, unknown>[] = [];
  beforeEach(() => {
    lines = [];
    vi.spyOn(console, "log").mockImplementation((line: unknown) => {
      lines.push(JSON.parse(String(line)) as Record<string, unknown>);
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is one line per request with its receipt in short, and nothing of what was said", async () => {
    const scene = await Scene.withOne(chatAnswer("CANARY"));
    await chat(scene, environment({ LOG_LEVEL: "info" }));
    expect(lines).toMatchObject([
      {
        level: "info",
        event: "inference",
        trace_id: TRACE_ID,
        company_id: scene.companyId,
        key_id: "key-1",
        provider: "a",
        model: scene.model,
        status: 200,
        outcome: "ok",
        attempts: 1,
      },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/CANARY|sk-secret/);
  });

  it("keeps a request that failed whatever the sampling", async () => {
    const scene = await Scene.withOne({ status: 500 });
    await chat(scene, environment({ LOG_LEVEL: "info", LOG_SAMPLE_RATE: "0" }));
    expect(lines).toMatchObject([{ level: "warn", event: "inference", error_code: "upstream_error" }]);
  });
});

describe("a data point", () => {
  it("is written per request where there is a dataset", async () => {
    const points: AnalyticsEngineDataPoint[] = [];
    const USAGE_POINTS: AnalyticsEngineDataset = { writeDataPoint: (point) => void points.push(point ?? {}) };
    const scene = await Scene.withOne(chatAnswer());
    await chat(scene, environment({ USAGE_POINTS }));
    expect(points).toHaveLength(1);
    expect(points[0]?.indexes).toEqual([scene.companyId]);
    expect(points[0]?.blobs).toEqual(["key-1", null, "/v1/chat/completions", "a", scene.model, "200", ""]);
    expect(points[0]?.doubles?.slice(2, 4)).toEqual([10, 5]);
  });
});

describe("telemetry that is down", () => {
  const never = () => new Promise<never>(() => undefined);
  it.each([
    ["a queue that throws", () => counting(10, () => Promise.reject(new Error("queue away")))],
    ["a queue that never answers", () => counting(10, never)],
    ["a collector that refuses connections", (scene: Scene) => tracing(scene, "http://127.0.0.1:1")],
    ["a collector that never answers", (scene: Scene) => tracing(scene)],
  ])("%s is not noticed: same answer, same settlement, no wait", async (_, bindingsOf) => {
    const scene = await Scene.withOne(chatAnswer());
    await scene.provider("collector", { hang: true });
    const bindings = bindingsOf(scene);
    for (let request = 0; request < 3; request += 1) {
      const { status, answeredInMs } = await chat(scene, bindings);
      expect(status).toBe(200);
      expect(answeredInMs).toBeLessThan(200);
    }
    expect(await scene.endings(3)).toHaveLength(3);
  });
});
