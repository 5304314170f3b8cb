import { createRoute, z } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondPage } from "../http/respond.ts";
import { PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, page } from "../openapi/responses.ts";
import { WebhookDelivery, WebhookDeliveryDetail } from "../schemas/webhooks.ts";

const tags = ["Webhooks"];
const params = pathId("Id of the webhook.");
const deliveryParams = params.extend({
  delivery_id: z.string().openapi({ param: { in: "path", name: "delivery_id" }, description: "Id of the delivery." }),
});

const testWebhook = createRoute({
  method: "post",
  path: "/v1/webhooks/{id}/test",
  operationId: "testWebhook",
  "x-audit-action": "webhook.tested",
  tags,
  summary: "Send a test event",
  description: "Queues a `test` event. Needs `webhooks:manage`.",
  request: { params },
  responses: { 200: json(WebhookDelivery, "The delivery, pending."), ...errors },
});

const listWebhookDeliveries = createRoute({
  method: "get",
  path: "/v1/webhooks/{id}/deliveries",
  operationId: "listWebhookDeliveries",
  tags,
  summary: "Delivery log of a webhook",
  description: "Newest first. Needs `webhooks:read`.",
  request: {
    params,
    query: PageParameters.extend({ state: z.enum(["pending", "delivered", "failed"]).optional() }),
  },
  responses: { 200: page(WebhookDelivery, "Deliveries."), ...errors },
});

const getWebhookDelivery = createRoute({
  method: "get",
  path: "/v1/webhooks/{id}/deliveries/{delivery_id}",
  operationId: "getWebhookDelivery",
  tags,
  summary: "One delivery with its attempts",
  description: "Needs `webhooks:read`.",
  request: { params: deliveryParams },
  responses: { 200: json(WebhookDeliveryDetail, "The delivery."), ...errors },
});

const replayWebhookDelivery = createRoute({
  method: "post",
  path: "/v1/webhooks/{id}/deliveries/{delivery_id}/replay",
  operationId: "replayWebhookDelivery",
  "x-audit-action": "webhook_delivery.replayed",
  tags,
  summary: "Deliver again",
  description: "With the same `webhook-id`; 409 while it is pending. Needs `webhooks:manage`.",
  request: { params: deliveryParams },
  responses: { 200: json(WebhookDelivery, "The delivery, pending again."), ...errors },
});

/** The delivery log of webhooks. */
export function mountWebhookDeliveries(app: GatewayApp): void {
  secured(app, testWebhook, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "notifications", (context) => c.env.NOTIFICATIONS.testWebhook(context, actor, id)));
  });
  secured(app, listWebhookDeliveries, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondPage(
      c,
      await call(c, "notifications", (context) =>
        c.env.NOTIFICATIONS.listWebhookDeliveries(context, actor, id, queryOf(c)),
      ),
    );
  });
  secured(app, getWebhookDelivery, async (c, actor) => {
    const [id, delivery] = [c.req.param("id") ?? "", c.req.param("delivery_id") ?? ""];
    return respond(
      c,
      await call(c, "notifications", (context) => c.env.NOTIFICATIONS.getWebhookDelivery(context, actor, id, delivery)),
    );
  });
  secured(app, replayWebhookDelivery, async (c, actor) => {
    const [id, delivery] = [c.req.param("id") ?? "", c.req.param("delivery_id") ?? ""];
    return respond(
      c,
      await call(c, "notifications", (context) =>
        c.env.NOTIFICATIONS.replayWebhookDelivery(context, actor, id, delivery),
      ),
    );
  });
}
