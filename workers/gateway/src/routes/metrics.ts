import type { CallContext } from "@aggregator/contracts/call-context";
import type { MetricFamily } from "@aggregator/contracts/metrics";
import { ok, type Result } from "@aggregator/contracts/result";
import { sha256Hex } from "@aggregator/runtime/digest";
import { prometheusText } from "@aggregator/runtime/prometheus-text";
import { requirePlatformAdmin } from "@aggregator/runtime/require-permission";
import { createRoute } from "@hono/zod-openapi";
import { authenticate } from "../auth/authenticate.ts";
import { call, type Dependency } from "../http/call.ts";
import { credentialOf } from "../http/credential.ts";
import type { GatewayApp, GatewayContext } from "../http/gateway-context.ts";
import { describe } from "../http/mount.ts";
import { refuse } from "../http/respond.ts";
import { errors, file } from "../openapi/responses.ts";

type Source = (context: CallContext) => Promise<Result<readonly MetricFamily[]>>;

const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const getMetrics = createRoute({
  method: "get",
  path: "/metrics",
  operationId: "getMetrics",
  tags: ["Admin"],
  summary: "Metrics for Prometheus",
  description:
    "Of all isolates together. Takes the operators' METRICS_TOKEN as a bearer token, or a platform admin's access token.",
  responses: { 200: file("text/plain", "Prometheus' text format 0.0.4."), ...errors },
});

/**
 * `GET /metrics`, for operators. A Worker that does not answer is `aggregator_scrape_up{worker} 0` and the
 * rest is still told: a scrape is needed most when something is down.
 */
export function mountMetrics(app: GatewayApp): void {
  describe(app, getMetrics);
  app.get("/metrics", async (c) => {
    const allowed = await mayScrape(c);
    if (!allowed.ok) return refuse(c, allowed.error);
    return c.body(prometheusText(await collect(c)), 200, { "content-type": CONTENT_TYPE, "cache-control": "no-store" });
  });
}

/** The operators' token, compared by digest so that time tells nothing of it; else a platform admin. */
async function mayScrape(c: GatewayContext): Promise<Result<void>> {
  const { METRICS_TOKEN: token } = c.var.config;
  const sent = credentialOf(c.req.raw.headers);
  if (!sent.ok) return sent;
  if (token !== null && (await sha256Hex(sent.value)) === (await sha256Hex(token))) return ok();
  const caller = await authenticate(c.req.raw.headers, c.var.identity, c.env, c.var.config, false);
  if (!caller.ok) return caller;
  return requirePlatformAdmin(caller.value.principal.actor);
}

async function collect(c: GatewayContext): Promise<MetricFamily[]> {
  const { env } = c;
  const sources: readonly (readonly [Dependency, Source])[] = [
    ["analytics", (context) => env.ANALYTICS.metrics(context)],
    ["notifications", (context) => env.NOTIFICATIONS.metrics(context)],
  ];
  const answers = await Promise.all(
    sources.map(async ([worker, source]) => ({ worker, answer: await call(c, worker, source) })),
  );
  const up: MetricFamily = {
    name: "aggregator_scrape_up",
    help: "Whether a Worker answered this scrape.",
    type: "gauge",
    samples: answers.map(({ worker, answer }) => ({ labels: { worker }, value: answer.ok ? 1 : 0 })),
  };
  return [up, ...answers.flatMap(({ answer }) => (answer.ok ? answer.value : []))];
}
