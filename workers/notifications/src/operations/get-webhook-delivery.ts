import type { Actor } from "@aggregator/contracts/actor";
import type { JsonObject } from "@aggregator/contracts/json";
import type { WebhookDeliveryDetailView } from "@aggregator/contracts/notifications";
import { ok, type Result } from "@aggregator/contracts/result";
import { listAttempts } from "../db/deliveries.ts";
import type { Dependencies } from "../dependencies.ts";
import { attemptView, deliveryView } from "../domain/webhook-view.ts";
import { ownDelivery } from "./own-delivery.ts";

/** One delivery with what was sent and each attempt. Needs `webhooks:read`. Errors: `permission_denied`, `not_found`. */
export async function getWebhookDelivery(
  dependencies: Dependencies,
  actor: Actor,
  webhookId: string,
  deliveryId: string,
): Promise<Result<WebhookDeliveryDetailView>> {
  const own = await ownDelivery(dependencies, actor, { webhookId, deliveryId }, "webhooks:read");
  if (!own.ok) return own;
  const attempts = await listAttempts(dependencies.db, deliveryId);
  return ok({
    ...deliveryView(own.value.delivery),
    payload: payloadOf(own.value.delivery.payload),
    attempt_log: attempts.map(attemptView),
  });
}

/** The payload that we wrote ourselves (`webhookPayload`), which is always a JSON object. */
function payloadOf(text: string): JsonObject {
  return JSON.parse(text) as JsonObject;
}
