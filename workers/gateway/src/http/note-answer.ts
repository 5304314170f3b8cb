import type { Env, Config } from "../env.ts";
import { meterOf } from "../telemetry/meter.ts";
import { recordRequestSpan } from "../telemetry/record-spans.ts";
import { type AccessLine, logAccess } from "./log-access.ts";
import type { RequestIdentity } from "./request-identity.ts";

/** Others are counted as one: a client that makes methods up must not make series. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * What is noted of every request once its answer is decided: a log line, two numbers and, where it is traced, a span. Nothing is
 * awaited; what is due to be pushed goes on under `waitUntil`.
 */
export function noteAnswer(
  { env, config, ctx }: { env: Env; config: Config; ctx: Pick<ExecutionContext, "waitUntil"> },
  identity: RequestIdentity,
  line: AccessLine,
): void {
  const nowMs = Date.now();
  logAccess(config.logger, identity, line, nowMs);
  const { span } = identity;
  if (span !== null) recordRequestSpan(env, ctx, { identity, span, line, nowMs });
  const meter = meterOf(env);
  if (meter === null) return;
  const { route } = line;
  const method = METHODS.has(line.method) ? line.method : "other";
  meter.count("aggregator_http_requests_total", { method, route, status: String(line.status) });
  meter.observe(
    "aggregator_http_request_duration_seconds",
    { route },
    Math.max(0, nowMs - identity.receivedAtMs) / 1_000,
  );
  const push = meter.pushLater(nowMs);
  if (push !== null) ctx.waitUntil(push);
}
