import {
  COMPANY_NOTICE_KINDS,
  type NotificationPreferencesView,
  type WebhookDeliveryDetailView,
  type WebhookDeliveryView,
  type WebhookView,
  type WebhookWithSecretView,
} from "@aggregator/contracts/notifications";
import { z } from "@hono/zod-openapi";

const time = () => z.string().openapi({ format: "date-time" });
const Event = z.enum(COMPANY_NOTICE_KINDS);

const webhookFields = {
  id: z.string(),
  url: z.string(),
  description: z.string(),
  events: z.array(Event).readonly(),
  is_enabled: z.boolean(),
  disabled_reason: z.string().nullable().openapi({ description: "Why the platform switched it off." }),
  previous_secret_expires_at: time()
    .nullable()
    .openapi({ description: "Until then deliveries carry a signature by the secret before, too." }),
  last_success_at: time().nullable(),
  created_at: time(),
};

export const Webhook = z.object(webhookFields).openapi("Webhook") satisfies z.ZodType<WebhookView>;

export const WebhookWithSecret = z
  .object({
    ...webhookFields,
    secret: z.string().openapi({ description: "Shown once. `whsec_…`, for any Standard Webhooks library." }),
  })
  .openapi("WebhookWithSecret") satisfies z.ZodType<WebhookWithSecretView>;

export const WebhookInput = z
  .object({
    url: z.string().openapi({ format: "uri", description: "https and public." }),
    events: z.array(Event).min(1),
    description: z.string().max(200).optional(),
  })
  .openapi("WebhookInput");

export const WebhookChange = z
  .object({
    url: z.string().optional().openapi({ format: "uri" }),
    events: z.array(Event).min(1).optional(),
    description: z.string().max(200).optional(),
    is_enabled: z.boolean().optional(),
  })
  .openapi("WebhookChange");

const deliveryFields = {
  id: z.string(),
  webhook_id: z.string(),
  message_id: z.string().openapi({ description: "The `webhook-id` header; the same in every attempt and replay." }),
  event: z.string(),
  state: z.enum(["pending", "delivered", "failed"]),
  attempts: z.number().int(),
  last_status: z.number().int().nullable(),
  last_error: z.string().nullable(),
  next_attempt_at: time().nullable(),
  created_at: time(),
  finished_at: time().nullable(),
};

export const WebhookDelivery = z
  .object(deliveryFields)
  .openapi("WebhookDelivery") satisfies z.ZodType<WebhookDeliveryView>;

const JsonScalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const WebhookDeliveryDetail = z
  .object({
    ...deliveryFields,
    payload: z
      .record(
        z.string(),
        z.union([JsonScalar, z.array(z.string()).readonly(), z.record(z.string(), JsonScalar).readonly()]),
      )
      .readonly()
      .openapi({ description: "The body as it is signed and sent." }),
    attempt_log: z
      .array(
        z
          .object({
            number: z.number().int(),
            at: time(),
            status: z.number().int().nullable(),
            error: z.string().nullable(),
            duration_ms: z.number().int(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .openapi("WebhookDeliveryDetail") satisfies z.ZodType<WebhookDeliveryDetailView>;

export const NotificationPreferences = z
  .object({
    data: z.array(z.object({ kind: Event, email: z.boolean(), default_email: z.boolean() }).readonly()).readonly(),
  })
  .openapi("NotificationPreferences") satisfies z.ZodType<NotificationPreferencesView>;

export const NotificationPreferencesChange = z
  .partialRecord(Event, z.object({ email: z.boolean() }))
  .openapi("NotificationPreferencesChange");
