import type { Actor } from "@aggregator/contracts/actor";
import type { WebhookWithSecretView } from "@aggregator/contracts/notifications";
import { ok, type Result } from "@aggregator/contracts/result";
import { updateWebhook } from "../db/webhooks.ts";
import type { Dependencies } from "../dependencies.ts";
import { newWebhookSecret } from "../domain/webhook-secret.ts";
import { webhookView } from "../domain/webhook-view.ts";
import { secretBinding } from "./open-webhook-secrets.ts";
import { ownWebhook } from "./own-webhook.ts";

const GRACE_MS = 24 * 3_600_000;

/**
 * A new signing secret, shown here only. For 24 hours deliveries carry a signature by each, so the
 * receiver can change over without losing one. Needs `webhooks:manage`. Errors: `permission_denied`, `not_found`.
 */
export async function rotateWebhookSecret(
  dependencies: Dependencies,
  actor: Actor,
  id: string,
): Promise<Result<WebhookWithSecretView>> {
  const webhook = await ownWebhook(dependencies, actor, id, "webhooks:manage");
  if (!webhook.ok) return webhook;
  const secret = newWebhookSecret();
  const box = await dependencies.secrets();
  const change = {
    secret: await box.seal(secret, secretBinding(id)),
    previousSecret: webhook.value.secret,
    previousSecretExpiresAtMs: dependencies.now() + GRACE_MS,
  };
  await updateWebhook(dependencies.db, actor.companyId, id, change);
  return ok({ ...webhookView({ ...webhook.value, ...change }), secret });
}
