import type { Actor } from "./actor.ts";
import type { CallContext } from "./call-context.ts";
import type { JsonObject } from "./json.ts";
import type { MetricFamily } from "./metrics.ts";
import type { NoticeKind } from "./notices.ts";
import type { Page } from "./page.ts";
import type { Answer } from "./result.ts";

/** What a member can switch off, and a webhook can subscribe to: notices about the company. */
export const COMPANY_NOTICE_KINDS = [
  "low_balance",
  "budget_reached",
  "payment_failed",
  "payment_received",
  "key_leaked",
  "statement_ready",
  "credential_quarantined",
] as const satisfies readonly NoticeKind[];
export type CompanyNoticeKind = (typeof COMPANY_NOTICE_KINDS)[number];

export interface NotificationPreferenceView {
  readonly kind: CompanyNoticeKind;
  readonly email: boolean;
  /** What the member's role gets unless the member says otherwise. */
  readonly default_email: boolean;
}
export interface NotificationPreferencesView {
  readonly data: readonly NotificationPreferenceView[];
}

export interface WebhookView {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly CompanyNoticeKind[];
  readonly is_enabled: boolean;
  /** Why the platform switched it off; null when it did not. */
  readonly disabled_reason: string | null;
  /** Until then deliveries are signed with the secret before, too. */
  readonly previous_secret_expires_at: string | null;
  readonly last_success_at: string | null;
  readonly created_at: string;
}
/** The secret appears here and never again. */
export interface WebhookWithSecretView extends WebhookView {
  readonly secret: string;
}

export type WebhookDeliveryState = "pending" | "delivered" | "failed";

export interface WebhookDeliveryView {
  /** Stays the same in replays. */
  readonly id: string;
  readonly webhook_id: string;
  /** The `webhook-id` header: one event, however often it is delivered. */
  readonly message_id: string;
  readonly event: string;
  readonly state: WebhookDeliveryState;
  readonly attempts: number;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly next_attempt_at: string | null;
  readonly created_at: string;
  readonly finished_at: string | null;
}
export interface WebhookAttemptView {
  readonly number: number;
  readonly at: string;
  readonly status: number | null;
  readonly error: string | null;
  readonly duration_ms: number;
}
export interface WebhookDeliveryDetailView extends WebhookDeliveryView {
  readonly payload: JsonObject;
  /** The latest attempts, at most fifty, oldest first. */
  readonly attempt_log: readonly WebhookAttemptView[];
}

/** An e-mail that development keeps instead of sending. */
export interface OutboxEmailView {
  readonly id: string;
  readonly to: string;
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly created_at: string;
}

/** A message of the notices' queues that could not be handled. Its values stay sealed: they can let somebody in. */
export interface NoticeDeadLetterView {
  readonly id: string;
  readonly queue: string;
  readonly reason: string;
  readonly attempts: number;
  /** Field names with the types of their values, as JSON. */
  readonly shape: string;
  readonly received_at: string;
  readonly replayed_at: string | null;
}

/**
 * What members hear of and where a company's systems are told. Reads and writes only the actor's own
 * company; a foreign id is `not_found`. Webhooks need `webhooks:read` or `webhooks:manage`, preferences
 * `notifications:manage`.
 */
export interface NotificationsApi extends Rpc.WorkerEntrypointBranded {
  getPreferences(context: CallContext, actor: Actor): Answer<NotificationPreferencesView>;
  /** `{ "<kind>": { "email": boolean } }`; what is absent stays. */
  updatePreferences(context: CallContext, actor: Actor, input: unknown): Answer<NotificationPreferencesView>;

  createWebhook(context: CallContext, actor: Actor, input: unknown): Answer<WebhookWithSecretView>;
  listWebhooks(context: CallContext, actor: Actor, query: unknown): Answer<Page<WebhookView>>;
  getWebhook(context: CallContext, actor: Actor, id: string): Answer<WebhookView>;
  /** Switching it on again forgets why it was switched off. */
  updateWebhook(context: CallContext, actor: Actor, id: string, input: unknown): Answer<WebhookView>;
  deleteWebhook(context: CallContext, actor: Actor, id: string): Answer<void>;
  /** A new secret; for a day deliveries are signed with both. */
  rotateWebhookSecret(context: CallContext, actor: Actor, id: string): Answer<WebhookWithSecretView>;
  /** Queues a `test` event. */
  testWebhook(context: CallContext, actor: Actor, id: string): Answer<WebhookDeliveryView>;
  listWebhookDeliveries(
    context: CallContext,
    actor: Actor,
    id: string,
    query: unknown,
  ): Answer<Page<WebhookDeliveryView>>;
  getWebhookDelivery(
    context: CallContext,
    actor: Actor,
    id: string,
    deliveryId: string,
  ): Answer<WebhookDeliveryDetailView>;
  /** Delivers again, with the same `webhook-id`; `conflict` while it is still pending. */
  replayWebhookDelivery(
    context: CallContext,
    actor: Actor,
    id: string,
    deliveryId: string,
  ): Answer<WebhookDeliveryView>;

  /** The e-mails that were not sent because this is development; elsewhere `not_found`. Newest first, at most 100. */
  developmentOutbox(context: CallContext): Answer<readonly OutboxEmailView[]>;
  /** For operators, newest first. */
  adminDeadLetters(context: CallContext, actor: Actor, query: unknown): Answer<Page<NoticeDeadLetterView>>;
  /** Handles the message again; `conflict` when it still cannot be. Repeating it tells nobody twice. */
  adminReplayDeadLetter(context: CallContext, actor: Actor, id: string): Answer<NoticeDeadLetterView>;

  /** What waits to go out and what could not be handled; the gateway decides who may see it. */
  metrics(context: CallContext): Answer<readonly MetricFamily[]>;
  health(context: CallContext): Answer<void>;
}
