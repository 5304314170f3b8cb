import {
  COMPANY_NOTICE_KINDS,
  type WebhookAttemptView,
  type WebhookDeliveryView,
  type WebhookView,
} from "@aggregator/contracts/notifications";
import type { Attempt, Delivery } from "../db/deliveries.ts";
import type { Webhook } from "../db/webhooks.ts";

/** A webhook as its company sees it, without the secret. */
export function webhookView(webhook: Webhook): WebhookView {
  return {
    id: webhook.id,
    url: webhook.url,
    description: webhook.description,
    events: COMPANY_NOTICE_KINDS.filter((kind) => webhook.events.includes(kind)),
    is_enabled: webhook.isEnabled,
    disabled_reason: webhook.disabledReason,
    previous_secret_expires_at: isoOf(webhook.previousSecretExpiresAtMs),
    last_success_at: isoOf(webhook.lastSuccessAtMs),
    created_at: new Date(webhook.createdAtMs).toISOString(),
  };
}

/** A delivery as its company sees it. */
export function deliveryView(delivery: Delivery): WebhookDeliveryView {
  return {
    id: delivery.id,
    webhook_id: delivery.webhookId,
    message_id: delivery.messageId,
    event: delivery.event,
    state: delivery.state,
    attempts: delivery.attempts,
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    next_attempt_at: isoOf(delivery.nextAttemptAtMs),
    created_at: new Date(delivery.createdAtMs).toISOString(),
    finished_at: isoOf(delivery.finishedAtMs),
  };
}

export function attemptView(attempt: Attempt): WebhookAttemptView {
  return {
    number: attempt.number,
    at: new Date(attempt.atMs).toISOString(),
    status: attempt.status,
    error: attempt.error,
    duration_ms: attempt.durationMs,
  };
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
