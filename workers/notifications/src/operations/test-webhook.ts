import type { Actor } from "@aggregator/contracts/actor";
import type { WebhookDeliveryView } from "@aggregator/contracts/notifications";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { newId } from "@aggregator/runtime/new-id";
import { insertDeliveries } from "../db/deliveries.ts";
import type { Dependencies } from "../dependencies.ts";
import { webhookJob } from "../domain/delivery-job.ts";
import { newDelivery } from "../domain/outgoing.ts";
import { webhookPayload } from "../domain/plan-notice.ts";
import { deliveryView } from "../domain/webhook-view.ts";
import { ownWebhook } from "./own-webhook.ts";
import { sendJobs } from "./send-jobs.ts";

/**
 * Queues a `test` event for a webhook, signed like any other. Needs `webhooks:manage`. Errors:
 * `permission_denied`, `not_found`, `conflict` when the webhook is switched off.
 */
export async function testWebhook(
  dependencies: Dependencies,
  actor: Actor,
  id: string,
): Promise<Result<WebhookDeliveryView>> {
  const webhook = await ownWebhook(dependencies, actor, id, "webhooks:manage");
  if (!webhook.ok) return webhook;
  if (!webhook.value.isEnabled) return err("conflict", "The webhook is switched off; switch it on first.");
  const nowMs = dependencies.now();
  const payload = webhookPayload("test", actor.companyId, nowMs, { message: "This is a test." });
  const test = { messageId: newId(), companyId: actor.companyId, webhookId: id, event: "test", payload };
  const delivery = await newDelivery(test, nowMs);
  await insertDeliveries(dependencies.db, [delivery]);
  await sendJobs(dependencies, [webhookJob(delivery.id)]);
  return ok(deliveryView(delivery));
}
