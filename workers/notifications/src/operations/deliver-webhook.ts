import { claimAttempt, type Delivery, failDelivery, findDelivery, recordAttempt } from "../db/deliveries.ts";
import { findWebhook, type Webhook } from "../db/webhooks.ts";
import type { Dependencies } from "../dependencies.ts";
import { checkWebhookUrl } from "../domain/check-webhook-url.ts";
import { type AttemptResult, judgeAttempt } from "../domain/delivery-verdict.ts";
import { ATTEMPT_LEASE_MS, secondsTooEarly } from "../domain/job-timing.ts";
import { signWebhook } from "../domain/sign-webhook.ts";
import type { JobEnd } from "./consume-deliveries.ts";
import { openWebhookSecrets } from "./open-webhook-secrets.ts";

const DONE: JobEnd = { kind: "done" };

/**
 * Makes one attempt at a delivery and records it. The URL is checked again here, redirects are not
 * followed, and nothing of the receiver's answer but its status is kept.
 */
export async function deliverWebhook(dependencies: Dependencies, deliveryId: string): Promise<JobEnd> {
  const { db, now, log } = dependencies;
  const delivery = await findDelivery(db, deliveryId);
  if (delivery?.state !== "pending") return DONE;
  const early = secondsTooEarly(delivery.nextAttemptAtMs, now());
  if (early !== null) return { kind: "again", delaySeconds: early };
  const webhook = await findWebhook(db, delivery.companyId, delivery.webhookId);
  if (webhook?.isEnabled !== true) {
    await failDelivery(db, delivery.id, "the webhook is switched off", now());
    return DONE;
  }
  if (!(await claimAttempt(db, delivery, now() + ATTEMPT_LEASE_MS))) return DONE;
  const result = await attempt(dependencies, webhook, delivery);
  const history = {
    attempts: delivery.attempts + 1,
    createdAtMs: delivery.createdAtMs,
    lastSuccessAtMs: webhook.lastSuccessAtMs,
  };
  const verdict = judgeAttempt(result, history);
  await recordAttempt(db, delivery, result, verdict, now());
  if (verdict.kind === "failed") {
    log.warn("webhook_failed", { company_id: delivery.companyId, attempts: history.attempts, status: result.status });
  }
  return verdict.kind === "retry" ? { kind: "again", delaySeconds: verdict.delaySeconds } : DONE;
}

async function attempt(dependencies: Dependencies, webhook: Webhook, delivery: Delivery): Promise<AttemptResult> {
  const { config, now } = dependencies;
  const startedAtMs = now();
  const url = checkWebhookUrl(webhook.url, config.ALLOW_PRIVATE_UPSTREAMS);
  if (!url.ok) return { status: null, error: url.error.message, durationMs: 0 };
  const secrets = await openWebhookSecrets(dependencies, webhook, startedAtMs);
  const message = { id: delivery.messageId, sentAtMs: startedAtMs, payload: delivery.payload };
  const { status, error } = await post(url.value, config.WEBHOOK_TIMEOUT_MS, delivery.payload, {
    "content-type": "application/json",
    "user-agent": "aggregator-webhooks/1",
    ...(await signWebhook(message, secrets)),
  });
  return { status, error, durationMs: now() - startedAtMs };
}

async function post(
  url: URL,
  timeoutMs: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Pick<AttemptResult, "status" | "error">> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    await answer.body?.cancel();
    if (answer.ok) return { status: answer.status, error: null };
    const redirected = answer.status >= 300 && answer.status < 400;
    return { status: answer.status, error: redirected ? "redirects are not followed" : `answered ${answer.status}` };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    return { status: null, error: timedOut ? `no answer within ${timeoutMs} ms` : "the connection failed" };
  }
}
