import { createRoute, z } from "@hono/zod-openapi";
import { call, callWithBody, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing, respondPage } from "../http/respond.ts";
import { body, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import {
  Webhook,
  WebhookChange,
  WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookInput,
  WebhookWithSecret,
} from "../schemas/notifications.ts";

const tags = ["Webhooks"];
const params = pathId("Id of the webhook.");
const deliveryParams = params.extend({
  delivery_id: z.string().openapi({ param: { in: "path", name: "delivery_id" }, description: "Id of the delivery." }),
});

const createWebhook = createRoute({
  method: "post",
  path: "/v1/webhooks",
  operationId: "createWebhook",
  tags,
  summary: "Add a webhook",
  description: "The signing secret is in this answer and never again. Needs `webhooks:manage`.",
  request: { body: body(WebhookInput) },
  responses: { 201: json(WebhookWithSecret, "The webhook with its secret."), ...errors },
});

const listWebhooks = createRoute({
  method: "get",
  path: "/v1/webhooks",
  operationId: "listWebhooks",
  tags,
  summary: "List webhooks",
  description: "Without secrets. Needs `webhooks:read`.",
  request: { query: PageParameters },
  responses: { 200: page(Webhook, "Webhooks."), ...errors },
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
  tags,
  summary: "Change a webhook",
  description: "What is absent stays. Switching it on again forgets why it was switched off. Needs `webhooks:manage`.",
  request: { params, body: body(WebhookChange) },
  responses: { 200: json(Webhook, "The webhook as it is now."), ...errors },
});

const deleteWebhook = createRoute({
  method: "delete",
  path: "/v1/webhooks/{id}",
  operationId: "deleteWebhook",
  tags,
  summary: "Remove a webhook",
  description: "Needs `webhooks:manage`.",
  request: { params },
  responses: { 204: noContent, ...errors },
});

const rotateSecret = createRoute({
  method: "post",
  path: "/v1/webhooks/{id}/rotate-secret",
  operationId: "rotateWebhookSecret",
  tags,
  summary: "Replace a webhook's secret",
  description: "For a day deliveries are signed with both secrets. Needs `webhooks:manage`.",
  request: { params },
  responses: { 200: json(WebhookWithSecret, "The webhook with its new secret."), ...errors },
});

const testWebhook = createRoute({
  method: "post",
  path: "/v1/webhooks/{id}/test",
  operationId: "testWebhook",
  tags,
  summary: "Send a test event",
  description: "Needs `webhooks:manage`.",
  request: { params },
  responses: { 201: json(WebhookDelivery, "The delivery, still pending."), ...errors },
});

const listDeliveries = createRoute({
  method: "get",
  path: "/v1/webhooks/{id}/deliveries",
  operationId: "listWebhookDeliveries",
  tags,
  summary: "A webhook's deliveries",
  description: "Newest first. Needs `webhooks:read`.",
  request: { params, query: PageParameters },
  responses: { 200: page(WebhookDelivery, "Deliveries."), ...errors },
});

const getDelivery = createRoute({
  method: "get",
  path: "/v1/webhooks/{id}/deliveries/{delivery_id}",
  operationId: "getWebhookDelivery",
  tags,
  summary: "One delivery",
  description: "With its payload and attempts. Needs `webhooks:read`.",
  request: { params: deliveryParams },
  responses: { 200: json(WebhookDeliveryDetail, "The delivery."), ...errors },
});

const replayDelivery = createRoute({
  method: "post",
  path: "/v1/webhooks/{id}/deliveries/{delivery_id}/replay",
  operationId: "replayWebhookDelivery",
  tags,
  summary: "Deliver again",
  description: "With the same `webhook-id`; `conflict` while it is pending. Needs `webhooks:manage`.",
  request: { params: deliveryParams },
  responses: { 200: json(WebhookDelivery, "The delivery."), ...errors },
});

/** Where a company's systems are told. */
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
  secured(app, rotateSecret, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(
      c,
      await call(c, "notifications", (context) => c.env.NOTIFICATIONS.rotateWebhookSecret(context, actor, id)),
    );
  });
  mountDeliveries(app);
}

function mountDeliveries(app: GatewayApp): void {
  secured(app, testWebhook, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondCreated(
      c,
      await call(c, "notifications", (context) => c.env.NOTIFICATIONS.testWebhook(context, actor, id)),
    );
  });
  secured(app, listDeliveries, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondPage(
      c,
      await call(c, "notifications", (context) =>
        c.env.NOTIFICATIONS.listWebhookDeliveries(context, actor, id, queryOf(c)),
      ),
    );
  });
  secured(app, getDelivery, async (c, actor) => {
    const { id = "", delivery_id: deliveryId = "" } = c.req.param();
    return respond(
      c,
      await call(c, "notifications", (context) =>
        c.env.NOTIFICATIONS.getWebhookDelivery(context, actor, id, deliveryId),
      ),
    );
  });
  secured(app, replayDelivery, async (c, actor) => {
    const { id = "", delivery_id: deliveryId = "" } = c.req.param();
    return respond(
      c,
      await call(c, "notifications", (context) =>
        c.env.NOTIFICATIONS.replayWebhookDelivery(context, actor, id, deliveryId),
      ),
    );
  });
}
