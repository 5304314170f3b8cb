import { createRoute, z } from "@hono/zod-openapi";
import { call, callWithBody } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { open, secured } from "../http/mount.ts";
import { respond } from "../http/respond.ts";
import { body } from "../openapi/requests.ts";
import { errors, json } from "../openapi/responses.ts";
import { NotificationPreferences, NotificationPreferencesChange, OutboxEmail } from "../schemas/notifications.ts";

const tags = ["Notifications"];

const getPreferences = createRoute({
  method: "get",
  path: "/v1/notification-preferences",
  operationId: "getNotificationPreferences",
  tags,
  summary: "What I hear of by e-mail",
  description: "The member's own choice for each kind of notice. Needs `notifications:manage`.",
  responses: { 200: json(NotificationPreferences, "The preferences."), ...errors },
});

const updatePreferences = createRoute({
  method: "patch",
  path: "/v1/notification-preferences",
  operationId: "updateNotificationPreferences",
  tags,
  summary: "Choose what I hear of",
  description: "By kind of notice; what is absent stays. Needs `notifications:manage`.",
  request: { body: body(NotificationPreferencesChange) },
  responses: { 200: json(NotificationPreferences, "The preferences as they are now."), ...errors },
});

const listOutbox = createRoute({
  method: "get",
  path: "/dev/outbox",
  operationId: "listDevelopmentOutbox",
  tags,
  summary: "E-mails that development did not send",
  description: "Newest first, at most 100. Exists in development only: elsewhere `not_found`.",
  responses: { 200: json(z.object({ data: z.array(OutboxEmail).readonly() }), "The e-mails."), ...errors },
});

/** E-mail preferences, and development's outbox. */
export function mountNotificationPreferences(app: GatewayApp): void {
  secured(app, getPreferences, async (c, actor) =>
    respond(c, await call(c, "notifications", (context) => c.env.NOTIFICATIONS.getPreferences(context, actor))),
  );
  secured(app, updatePreferences, async (c, actor) =>
    respond(
      c,
      await callWithBody(c, "notifications", (context, input) =>
        c.env.NOTIFICATIONS.updatePreferences(context, actor, input),
      ),
    ),
  );
  open(app, listOutbox, async (c) => {
    const emails = await call(c, "notifications", (context) => c.env.NOTIFICATIONS.developmentOutbox(context));
    return respond(c, emails.ok ? { ok: true, value: { data: emails.value } } : emails);
  });
}
