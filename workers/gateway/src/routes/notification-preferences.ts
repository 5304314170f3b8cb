import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond } from "../http/respond.ts";
import { body } from "../openapi/requests.ts";
import { errors, json } from "../openapi/responses.ts";
import { NotificationPreferences, NotificationPreferencesChange } from "../schemas/webhooks.ts";

const tags = ["Notifications"];
const path = "/v1/notifications/preferences";

const getNotificationPreferences = createRoute({
  method: "get",
  path,
  operationId: "getNotificationPreferences",
  tags,
  summary: "What you hear of by e-mail",
  description: "The acting member's own. Needs `notifications:manage`.",
  responses: { 200: json(NotificationPreferences, "One line per kind of notice."), ...errors },
});

const updateNotificationPreferences = createRoute({
  method: "patch",
  path,
  operationId: "updateNotificationPreferences",
  "x-audit-action": "notification_preferences.updated",
  tags,
  summary: "Change what you hear of",
  description: "Kinds that are absent stay. Needs `notifications:manage`.",
  request: { body: body(NotificationPreferencesChange) },
  responses: { 200: json(NotificationPreferences, "The preferences as they are now."), ...errors },
});

/** Preferences of the acting member. */
export function mountNotificationPreferences(app: GatewayApp): void {
  secured(app, getNotificationPreferences, async (c, actor) =>
    respond(c, await call(c, "notifications", (context) => c.env.NOTIFICATIONS.getPreferences(context, actor))),
  );
  secured(app, updateNotificationPreferences, async (c, actor) =>
    respond(
      c,
      await callWithBody(c, "notifications", (context, input) =>
        c.env.NOTIFICATIONS.updatePreferences(context, actor, input),
      ),
    ),
  );
}
