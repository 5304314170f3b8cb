import { correlation, defectFields } from "@aggregator/runtime/log";
import { withDeadline } from "@aggregator/runtime/with-deadline";
import { disposeReply } from "../account/dispose-reply.ts";
import type { HealthReport, HealthSnapshot } from "@aggregator/contracts/provider-health";
import type { Result } from "@aggregator/contracts/result";
import type { InferenceCall } from "../pipeline/inference-call.ts";
import { sharedHealth } from "./local-health.ts";

/** An invocation may be ended with its report unsent; then another one takes over. */
const LOST_AFTER_MS = 5_000;

let sentAtMs = 0;
let busyUntilMs = 0;

/**
 * Sees to it that what this isolate saw is told, once per interval however many requests there are, or at
 * once when an endpoint tripped. Under `waitUntil`: no request waits for it, none fails by it.
 */
export function reportHealth(call: InferenceCall, isUrgent: boolean): void {
  const nowMs = Date.now();
  if (!isUrgent && nowMs < busyUntilMs) return;
  const waitMs = isUrgent ? 0 : Math.max(0, sentAtMs + call.config.healthReportIntervalMs - nowMs);
  if (!isUrgent) busyUntilMs = nowMs + waitMs + LOST_AFTER_MS;
  call.waitUntil(send(call, waitMs, isUrgent));
}

async function send(call: InferenceCall, waitMs: number, isUrgent: boolean): Promise<void> {
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  sentAtMs = Date.now();
  const report = sharedHealth.take();
  try {
    const reply = await withDeadline(ask(call, report), call.config.planTimeoutMs);
    if (reply.ok) sharedHealth.hear(reply.value, report.watched, Date.now());
  } catch (error) {
    // Goes on with what this isolate sees itself.
    call.config.log.warn("health_not_reported", {
      ...correlation(call.context.call),
      ...defectFields(error),
      dependency: "orchestrator",
    });
  } finally {
    if (!isUrgent) busyUntilMs = 0;
  }
}

async function ask(call: InferenceCall, report: HealthReport): Promise<Result<HealthSnapshot>> {
  const reply = await call.env.ORCHESTRATOR.reportHealth(call.context.call, report);
  disposeReply(reply);
  return reply;
}
