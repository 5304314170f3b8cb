import { createRoute } from "@hono/zod-openapi";
import { call } from "../http/call.ts";
import { callOnce } from "../http/call-once.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing } from "../http/respond.ts";
import { IdempotencyKeyHeader, pathId } from "../openapi/requests.ts";
import { errors, json, noContent } from "../openapi/responses.ts";
import { PaymentMethods, Redirect } from "../schemas/payments.ts";

const tags = ["Billing"];
const path = "/v1/billing/payment-methods";

const listPaymentMethods = createRoute({
  method: "get",
  path,
  operationId: "listPaymentMethods",
  tags,
  summary: "Saved cards",
  description: "Kept at Stripe; their numbers never come here. Needs `billing:read`.",
  responses: { 200: json(PaymentMethods, "Cards."), ...errors },
});

const addPaymentMethod = createRoute({
  method: "post",
  path,
  operationId: "addPaymentMethod",
  "x-audit-action": "payment_method.begun",
  tags,
  summary: "Save a card",
  description: "Answers Stripe's page that takes it. Needs `billing:manage`.",
  request: { headers: IdempotencyKeyHeader },
  responses: { 201: json(Redirect, "Where to give the card."), ...errors },
});

const removePaymentMethod = createRoute({
  method: "delete",
  path: `${path}/{id}`,
  operationId: "removePaymentMethod",
  "x-audit-action": "payment_method.removed",
  tags,
  summary: "Forget a card",
  description: "Needs `billing:manage`.",
  request: { params: pathId("Id of the card.", "pm_1Q0PsIJvEtkwdCNYMSaVuRz6"), headers: IdempotencyKeyHeader },
  responses: { 204: noContent, ...errors },
});

const openPortal = createRoute({
  method: "post",
  path: "/v1/billing/portal",
  operationId: "openPortal",
  "x-audit-action": "billing_portal.opened",
  tags,
  summary: "Open Stripe's portal",
  description: "For cards and receipts. Needs `billing:manage`.",
  request: { headers: IdempotencyKeyHeader },
  responses: { 201: json(Redirect, "The portal."), ...errors },
});

/** Cards, as Stripe keeps them. */
export function mountPaymentMethods(app: GatewayApp): void {
  secured(app, listPaymentMethods, async (c, actor) =>
    respond(c, await call(c, "billing", (context) => c.env.BILLING.listPaymentMethods(context, actor))),
  );
  secured(app, addPaymentMethod, async (c, actor) =>
    respondCreated(
      c,
      await callOnce(c, "billing", (context, key) => c.env.BILLING.addPaymentMethod(context, actor, key)),
    ),
  );
  secured(app, removePaymentMethod, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondNothing(
      c,
      await callOnce(c, "billing", (context, key) => c.env.BILLING.removePaymentMethod(context, actor, id, key)),
    );
  });
  secured(app, openPortal, async (c, actor) =>
    respondCreated(c, await callOnce(c, "billing", (context, key) => c.env.BILLING.openPortal(context, actor, key))),
  );
}
