import type { Actor } from "@aggregator/contracts/actor";
import type { WebhookWithSecretView } from "@aggregator/contracts/notifications";
import { changed, err, type Result } from "@aggregator/contracts/result";
import { newId } from "@aggregator/runtime/new-id";
import { parseInput } from "@aggregator/runtime/parse-input";
import { requirePermission } from "@aggregator/runtime/require-permission";
import { countWebhooks, insertWebhook, type Webhook } from "../db/webhooks.ts";
import type { Dependencies } from "../dependencies.ts";
import { checkWebhookUrl } from "../domain/check-webhook-url.ts";
import { CreateWebhookInput } from "../domain/webhook-input.ts";
import { newWebhookSecret } from "../domain/webhook-secret.ts";
import { webhookView } from "../domain/webhook-view.ts";
import { secretBinding } from "./open-webhook-secrets.ts";

const MAX_WEBHOOKS = 20;

/**
 * A new webhook of the actor's company, with its signing secret, which is shown here only. Needs
 * `webhooks:manage`. Errors: `permission_denied`, `invalid_request`, `conflict` at twenty webhooks.
 */
export async function createWebhook(
  dependencies: Dependencies,
  actor: Actor,
  input: unknown,
): Promise<Result<WebhookWithSecretView>> {
  const allowed = requirePermission(actor, "webhooks:manage");
  if (!allowed.ok) return allowed;
  const parsed = parseInput(CreateWebhookInput, input);
  if (!parsed.ok) return parsed;
  const { db, config, now } = dependencies;
  const url = checkWebhookUrl(parsed.value.url, config.ALLOW_PRIVATE_UPSTREAMS);
  if (!url.ok) return url;
  if ((await countWebhooks(db, actor.companyId)) >= MAX_WEBHOOKS) {
    return err("conflict", `A company has at most ${MAX_WEBHOOKS} webhooks; delete one first.`);
  }
  const id = newId();
  const secret = newWebhookSecret();
  const box = await dependencies.secrets();
  const webhook: Webhook = {
    id,
    companyId: actor.companyId,
    url: url.value.href,
    description: parsed.value.description,
    events: parsed.value.events,
    secret: await box.seal(secret, secretBinding(id)),
    previousSecret: null,
    previousSecretExpiresAtMs: null,
    isEnabled: true,
    disabledReason: null,
    lastSuccessAtMs: null,
    createdAtMs: now(),
  };
  await insertWebhook(db, webhook);
  const { url: to, description, events } = webhook;
  return changed({ ...webhookView(webhook), secret }, { before: null, after: { url: to, description, events } });
}
