import type { Webhook } from "../db/webhooks.ts";
import type { Dependencies } from "../dependencies.ts";

/** What a webhook's secrets are bound to: one moved to another row does not open. */
export function secretBinding(webhookId: string): string {
  return `webhooks/${webhookId}`;
}

/** The secrets that a delivery is signed with now: the current one, and the one before during its grace period. */
export async function openWebhookSecrets(
  { secrets }: Pick<Dependencies, "secrets">,
  webhook: Webhook,
  nowMs: number,
): Promise<string[]> {
  const box = await secrets();
  const isGrace = (webhook.previousSecretExpiresAtMs ?? 0) > nowMs;
  const sealed = [webhook.secret, ...(isGrace && webhook.previousSecret !== null ? [webhook.previousSecret] : [])];
  return Promise.all(sealed.map((secret) => box.open(secret, secretBinding(webhook.id))));
}
