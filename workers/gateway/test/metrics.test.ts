import type { MetricFamily, MetricsMessage } from "@aggregator/contracts/metrics";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { serveInference } from "../src/data-plane/serve-inference.ts";
import type { Env } from "../src/env.ts";
import { keyPrincipal, memberPrincipal, newKey } from "./support/builders.ts";
import { analytics, answers, auth, countOf, notifications, proxy } from "./support/doubles.ts";
import { refusal, send } from "./support/http.ts";

const TOKEN = "a-token-of-the-operators";
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

const family: MetricFamily = {
  name: "aggregator_overruns_total",
  help: "Charges beyond their hold.",
  type: "counter",
  samples: [{ labels: {}, value: 3 }],
};

beforeEach(async () => {
  await auth.script({ authenticate: answers(memberPrincipal()) });
  await analytics.script({ metrics: answers([family]) });
  await notifications.script({ metrics: answers([]) });
});

describe("GET /metrics", () => {
  it("tells the holder of the operators' token in Prometheus' text, without asking auth", async () => {
    const response = await send("/metrics", bearer(TOKEN));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect((await response.text()).split("\n")).toEqual([
      "# HELP aggregator_scrape_up Whether a Worker answered this scrape.",
      "# TYPE aggregator_scrape_up gauge",
      'aggregator_scrape_up{worker="analytics"} 1',
      'aggregator_scrape_up{worker="notifications"} 1',
      "# HELP aggregator_overruns_total Charges beyond their hold.",
      "# TYPE aggregator_overruns_total counter",
      "aggregator_overruns_total 3",
      "",
    ]);
    expect(await countOf(auth, "authenticate")).toBe(0);
  });

  it("tells a platform admin", async () => {
    await auth.script({ authenticate: answers(memberPrincipal({ platformAdmin: true })) });
    expect((await send("/metrics", bearer("session"))).status).toBe(200);
  });

  it.each([
    ["a company's owner", "session"],
    ["a token that begins alike", `${TOKEN}-`],
  ])("is refused to %s", async (_, token) => {
    const response = await send("/metrics", bearer(token));
    expect(await refusal(response)).toMatchObject({ status: 403, code: "permission_denied" });
    expect(await countOf(analytics, "metrics")).toBe(0);
  });

  it("is refused without a credential", async () => {
    expect(await refusal(await send("/metrics"))).toMatchObject({ status: 401 });
  });

  it.each([
    ["throws", { fail: "down" }],
    ["hangs", { hang: true }],
  ])("tells the rest when one Worker %s", async (_, metrics) => {
    await notifications.script({ metrics });
    const text = await (await send("/metrics", bearer(TOKEN))).text();
    expect(text).toContain('aggregator_scrape_up{worker="notifications"} 0');
    expect(text).toContain("aggregator_overruns_total 3");
  });
});

describe("what the gateway counts", () => {
  beforeEach(async () => {
    await auth.script({ authenticate: answers(keyPrincipal()) });
    await proxy.script({ fetch: { status: 200, body: "{}" } });
  });

  /** One inference request through an isolate whose queue behaves as `sendMetrics` does. */
  async function infer(bindings: Env, ctx: ExecutionContext, key = newKey()): Promise<Response> {
    const request = new Request("https://api.example/v1/chat/completions", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "content-length": "2" },
      body: "{}",
    });
    return serveInference("/v1/chat/completions", request, bindings, ctx);
  }

  function withQueue(send: (message: MetricsMessage) => Promise<unknown>): Env {
    return { ...env, METRICS: { ...env.METRICS, send } as unknown as Queue<MetricsMessage> };
  }

  it("is one message for all requests of an interval, sent after the answers", async () => {
    const sent: MetricsMessage[] = [];
    const bindings = withQueue((message) => Promise.resolve(sent.push(message)));
    const ctx = createExecutionContext();
    const responses = await Promise.all(Array.from({ length: 20 }, () => infer(bindings, ctx)));
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(sent).toEqual([]);
    await waitOnExecutionContext(ctx);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.counts).toContainEqual({
      name: "aggregator_http_requests_total",
      labels: { method: "POST", route: "/v1/chat/completions", status: "200" },
      increase: 20,
    });
  });

  it.each([
    ["is down", () => Promise.reject(new Error("queue away"))],
    ["never answers", () => new Promise(() => undefined)],
  ])("does not delay or fail a request when the queue %s", async (_, sendMetrics) => {
    const bindings = withQueue(sendMetrics);
    const ctx = createExecutionContext();
    const startedAt = Date.now();
    for (let request = 0; request < 5; request += 1) expect((await infer(bindings, ctx)).status).toBe(200);
    expect(Date.now() - startedAt).toBeLessThan(1_000);
    await waitOnExecutionContext(ctx);
  });

  it("is nothing without the queue", async () => {
    const { METRICS: _, ...bindings } = env;
    expect((await infer(bindings, createExecutionContext())).status).toBe(200);
  });
});
