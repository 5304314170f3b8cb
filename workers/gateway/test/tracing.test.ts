import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { serveInference } from "../src/data-plane/serve-inference.ts";
import type { Env } from "../src/env.ts";
import { keyPrincipal, newKey } from "./support/builders.ts";
import { answers, auth, proxied, proxy, refuses } from "./support/doubles.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const CALLER_SPAN = "b7ad6b7169203331";

interface ExportedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly attributes: readonly { key: string; value: object }[];
  readonly status: { readonly code?: number };
}
interface Exported {
  readonly resourceSpans: readonly { scopeSpans: readonly { spans: readonly ExportedSpan[] }[] }[];
}

let made = 0;

/** An environment that traces to a collector of its own. */
function tracing(changes: Partial<Env> = {}): { bindings: Env; collector: string } {
  made += 1;
  const collector = `${env.COLLECTOR_URL}/trace-${made}`;
  const bindings = { ...env, OTLP_ENDPOINT: collector, OTLP_INTERVAL_MS: "10", OTLP_TIMEOUT_MS: "100", ...changes };
  return { bindings, collector };
}

async function infer(bindings: Env, flags = "01"): Promise<{ status: number; answeredInMs: number }> {
  const startedAt = Date.now();
  const ctx = createExecutionContext();
  const request = new Request("https://api.example/v1/chat/completions", {
    method: "POST",
    headers: {
      authorization: `Bearer ${newKey()}`,
      "content-type": "application/json",
      "content-length": "2",
      traceparent: `00-${TRACE_ID}-${CALLER_SPAN}-${flags}`,
    },
    body: "{}",
  });
  const { status } = await serveInference("/v1/chat/completions", request, bindings, ctx);
  const answeredInMs = Date.now() - startedAt;
  await waitOnExecutionContext(ctx);
  return { status, answeredInMs };
}

async function spansAt(collector: string): Promise<ExportedSpan[]> {
  const bodies: Exported[] = await (await fetch(collector)).json();
  return bodies.flatMap((body) => body.resourceSpans.flatMap((of) => of.scopeSpans.flatMap(({ spans }) => spans)));
}

beforeEach(async () => {
  await auth.script({ authenticate: answers(keyPrincipal()) });
  await proxy.script({ fetch: { status: 200, body: "{}" } });
});

describe("a traced request", () => {
  it("is a span under the client's with authentication under it, and hands its own span on to the proxy", async () => {
    const { bindings, collector } = tracing();
    await infer(bindings);
    const spans = await spansAt(collector);
    expect(spans.map(({ name }) => name)).toEqual(["authenticate", "POST /v1/chat/completions"]);
    const [authentication, request] = spans;
    expect(request).toMatchObject({ traceId: TRACE_ID, parentSpanId: CALLER_SPAN, status: {} });
    expect(request?.attributes).toContainEqual({ key: "http.response.status_code", value: { intValue: "200" } });
    expect(authentication).toMatchObject({ traceId: TRACE_ID, parentSpanId: request?.spanId });
    expect((await proxied()).headers["traceparent"]).toBe(`00-${TRACE_ID}-${request?.spanId}-01`);
  });

  it("says what failed", async () => {
    await auth.script({ authenticate: refuses("service_unavailable") });
    const { bindings, collector } = tracing();
    await infer(bindings);
    const [authentication, request] = await spansAt(collector);
    expect(authentication?.attributes).toEqual([{ key: "error.type", value: { stringValue: "service_unavailable" } }]);
    expect(request).toMatchObject({ status: { code: 2 } });
  });
});

describe("a request is not traced", () => {
  it.each([
    ["when its client does not sample it", "00", {}],
    ["when it is outside the share that is kept", "01", { TRACE_SAMPLE_RATE: "0" }],
  ])("%s, and every Worker behind is told so", async (_, flags, changes) => {
    const { bindings, collector } = tracing(changes);
    await infer(bindings, flags);
    expect(await spansAt(collector)).toEqual([]);
    expect((await proxied()).headers["traceparent"]).toBe(`00-${TRACE_ID}-${CALLER_SPAN}-00`);
  });

  it("without a collector: the client's context passes through as it came", async () => {
    await infer(env);
    expect((await proxied()).headers["traceparent"]).toBe(`00-${TRACE_ID}-${CALLER_SPAN}-01`);
  });
});

describe("a collector that", () => {
  it.each([
    ["is down", "http://127.0.0.1:1"],
    ["never answers", `${env.COLLECTOR_URL}/hangs`],
  ])("%s is not noticed by requests", async (_, endpoint) => {
    const { bindings } = tracing({ OTLP_ENDPOINT: endpoint });
    for (let request = 0; request < 5; request += 1) {
      const { status, answeredInMs } = await infer(bindings);
      expect(status).toBe(200);
      // Less than the collector's own timeout.
      expect(answeredInMs).toBeLessThan(100);
    }
  });
});
