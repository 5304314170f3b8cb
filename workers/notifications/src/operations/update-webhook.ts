import type { Actor } from "@aggregator/contracts/actor";
import type { WebhookView } from "@aggregator/contracts/notifications";
import { changed, type Result } from "@aggregator/contracts/result";
import { differenceOf } from "@aggregator/runtime/difference";
import { parseInput } from "@aggregator/runtime/parse-input";
import { updateWebhook as storeWebhook, type WebhookChange } from "../db/webhooks.ts";
import type { Dependencies } from "../dependencies.ts";
import { checkWebhookUrl } from "../domain/check-webhook-url.ts";
import { UpdateWebhookInput } from "../domain/webhook-input.ts";
import { webhookView } from "../domain/webhook-view.ts";
import { ownWebhook } from "./own-webhook.ts";

/**
 * Changes a webhook; what is absent stays. Switching it on forgets why the platform switched it off.
 * Needs `webhooks:manage`. Errors: `permission_denied`, `not_found`, `invalid_request`.
 */
export async function updateWebhook(
  dependencies: Dependencies,
  actor: Actor,
  id: string,
  input: unknown,
): Promise<Result<WebhookView>> {
  const webhook = await ownWebhook(dependencies, actor, id, "webhooks:manage");
  if (!webhook.ok) return webhook;
  const parsed = parseInput(UpdateWebhookInput, input);
  if (!parsed.ok) return parsed;
  const { url, events, description, is_enabled: isEnabled } = parsed.value;
  const target = url === undefined ? null : checkWebhookUrl(url, dependencies.config.ALLOW_PRIVATE_UPSTREAMS);
  if (target !== null && !target.ok) return target;
  const change: WebhookChange = {
    ...(target !== null && { url: target.value.href }),
    ...(events !== undefined && { events }),
    ...(description !== undefined && { description }),
    ...(isEnabled !== undefined && { isEnabled, disabledReason: null }),
  };
  await storeWebhook(dependencies.db, actor.companyId, id, change);
  const after = webhookView({ ...webhook.value, ...change });
  return changed(after, differenceOf(webhookView(webhook.value), after));
}
