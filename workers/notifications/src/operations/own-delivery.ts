import type { Actor } from "@aggregator/contracts/actor";
import type { Permission } from "@aggregator/contracts/permissions";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { type Delivery, findDelivery } from "../db/deliveries.ts";
import type { Webhook } from "../db/webhooks.ts";
import type { Dependencies } from "../dependencies.ts";
import { ownWebhook } from "./own-webhook.ts";

/** A delivery of the actor's own webhook; anything else is `not_found`. */
export async function ownDelivery(
  dependencies: Dependencies,
  actor: Actor,
  ids: { readonly webhookId: string; readonly deliveryId: string },
  permission: Permission,
): Promise<Result<{ readonly webhook: Webhook; readonly delivery: Delivery }>> {
  const webhook = await ownWebhook(dependencies, actor, ids.webhookId, permission);
  if (!webhook.ok) return webhook;
  const delivery = await findDelivery(dependencies.db, ids.deliveryId);
  if (delivery?.webhookId !== webhook.value.id) return err("not_found", "There is no such delivery.");
  return ok({ webhook: webhook.value, delivery });
}
