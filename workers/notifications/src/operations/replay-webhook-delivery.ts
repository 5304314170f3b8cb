import type { Actor } from "@aggregator/contracts/actor";
import type { WebhookDeliveryView } from "@aggregator/contracts/notifications";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { reopenDelivery } from "../db/deliveries.ts";
import type { Dependencies } from "../dependencies.ts";
import { webhookJob } from "../domain/delivery-job.ts";
import { deliveryView } from "../domain/webhook-view.ts";
import { ownDelivery } from "./own-delivery.ts";
import { sendJobs } from "./send-jobs.ts";

/**
 * Delivers a finished delivery again with the same `webhook-id`, so that a receiver that had it knows.
 * Needs `webhooks:manage`. Errors: `permission_denied`, `not_found`, `conflict` while it is pending or
 * its webhook is switched off.
 */
export async function replayWebhookDelivery(
  dependencies: Dependencies,
  actor: Actor,
  webhookId: string,
  deliveryId: string,
): Promise<Result<WebhookDeliveryView>> {
  const own = await ownDelivery(dependencies, actor, { webhookId, deliveryId }, "webhooks:manage");
  if (!own.ok) return own;
  if (!own.value.webhook.isEnabled) return err("conflict", "The webhook is switched off; switch it on first.");
  const nowMs = dependencies.now();
  if (!(await reopenDelivery(dependencies.db, deliveryId, nowMs))) {
    return err("conflict", "The delivery is still pending.");
  }
  await sendJobs(dependencies, [webhookJob(deliveryId)]);
  const reopened = { state: "pending", attempts: 0, nextAttemptAtMs: nowMs, finishedAtMs: null } as const;
  return ok(deliveryView({ ...own.value.delivery, ...reopened }));
}
