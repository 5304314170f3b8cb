import { keyOfSecret } from "./webhook-secret.ts";

export interface WebhookMessage {
  readonly id: string;
  readonly sentAtMs: number;
  readonly payload: string;
}

/**
 * Headers of a Standard Webhooks 1.0 message, signed by each secret: while a secret is being rotated
 * the receiver accepts either. The signature covers id, time and the exact bytes of the payload.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export async function signWebhook(
  { id, sentAtMs, payload }: WebhookMessage,
  secrets: readonly string[],
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(sentAtMs / 1_000));
  const signatures = await Promise.all(secrets.map((secret) => sign(secret, `${id}.${timestamp}.${payload}`)));
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.map((signature) => `v1,${signature}`).join(" "),
  };
}

async function sign(secret: string, content: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", keyOfSecret(secret), algorithm, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(content));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}
