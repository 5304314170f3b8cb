import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing, respondPage } from "../http/respond.ts";
import { body, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { Webhook, WebhookChange, WebhookInput, WebhookWithSecret } from "../schemas/webhooks.ts";

const tags = ["Webhooks"];
const params = pathId("Id of the webhook.");

const createWebhook = createRoute({
  method: "post",
  path: "/v1/webhooks",
  operationId: "createWebhook",
  "x-audit-action": "webhook.created",
  tags,
  summary: "Create a webhook",
  description:
    "Signed as Standard Webhooks says; the secret is in this answer and never again. Failed deliveries are tried again for 24 hours. Needs `webhooks:manage`.",
  request: { body: body(WebhookInput) },
  responses: { 201: json(WebhookWithSecret, "The webhook with its secret."), ...errors },
});

const listWebhooks = createRoute({
  method: "get",
  path: "/v1/webhooks",
  operationId: "listWebhooks",
  tags,
  summary: "List webhooks",
  description: "Needs `webhooks:read`.",
  request: { query: PageParameters },
  responses: { 200: page(Webhook, "Webhooks, oldest first."), ...errors },
});

const getWebhook = createRoute({
  method: "get",
  path: "/v1/webhooks/{id}",
  operationId: "getWebhook",
  tags,
  summary: "One webhook",
  description: "Needs `webhooks:read`.",
  request: { params },
  responses: { 200: json(Webhook, "The webhook."), ...errors },
});

const updateWebhook = createRoute({
  method: "patch",
  path: "/v1/webhooks/{id}",
  operationId: "updateWebhook",
  "x-audit-action": "webhook.updated",
  tags,
  summary: "Change a webhook",
  description: "Fields that are absent stay. `is_enabled: true` switches it on again. Needs `webhooks:manage`.",
  request: { params, body: body(WebhookChange) },
  responses: { 200: json(Webhook, "The webhook as it is now."), ...errors },
});

const deleteWebhook = createRoute({
  method: "delete",
  path: "/v1/webhooks/{id}",
  operationId: "deleteWebhook",
  "x-audit-action": "webhook.deleted",
  tags,
  summary: "Remove a webhook",
  description: "With its deliveries. Needs `webhooks:manage`.",
  request: { params },
  responses: { 204: noContent, ...errors },
});

const rotateWebhookSecret = createRoute({
  method: "post",
  path: "/v1/webhooks/{id}/rotate-secret",
  operationId: "rotateWebhookSecret",
  "x-audit-action": "webhook_secret.rotated",
  tags,
  summary: "Rotate a webhook's secret",
  description: "For 24 hours deliveries are signed with both. Needs `webhooks:manage`.",
  request: { params },
  responses: { 200: json(WebhookWithSecret, "The webhook with its new secret."), ...errors },
});

/** Webhooks of the caller's company. */
export function mountWebhooks(app: GatewayApp): void {
  secured(app, createWebhook, async (c, actor) =>
    respondCreated(
      c,
      await callWithBody(c, "notifications", (context, input) =>
        c.env.NOTIFICATIONS.createWebhook(context, actor, input),
      ),
    ),
  );
  secured(app, listWebhooks, async (c, actor) =>
    respondPage(
      c,
      await call(c, "notifications", (context) => c.env.NOTIFICATIONS.listWebhooks(context, actor, queryOf(c))),
    ),
  );
  secured(app, getWebhook, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "notifications", (context) => c.env.NOTIFICATIONS.getWebhook(context, actor, id)));
  });
  secured(app, updateWebhook, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(
      c,
      await callWithBody(c, "notifications", (context, input) =>
        c.env.NOTIFICATIONS.updateWebhook(context, actor, id, input),
      ),
    );
  });
  secured(app, deleteWebhook, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondNothing(
      c,
      await call(c, "notifications", (context) => c.env.NOTIFICATIONS.deleteWebhook(context, actor, id)),
    );
  });
  secured(app, rotateWebhookSecret, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(
      c,
      await call(c, "notifications", (context) => c.env.NOTIFICATIONS.rotateWebhookSecret(context, actor, id)),
    );
  });
}
