import type { Actor } from "@aggregator/contracts/actor";
import type { WebhookView } from "@aggregator/contracts/notifications";
import { ok, type Result } from "@aggregator/contracts/result";
import type { Dependencies } from "../dependencies.ts";
import { webhookView } from "../domain/webhook-view.ts";
import { ownWebhook } from "./own-webhook.ts";

/** One webhook. Needs `webhooks:read`. Errors: `permission_denied`, `not_found`. */
export async function getWebhook(dependencies: Dependencies, actor: Actor, id: string): Promise<Result<WebhookView>> {
  const webhook = await ownWebhook(dependencies, actor, id, "webhooks:read");
  return webhook.ok ? ok(webhookView(webhook.value)) : webhook;
}
