import { createRoute } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import { callOnceWithBody } from "../http/call-once.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { refuse, respond, respondCreated, respondPage } from "../http/respond.ts";
import { tellReferral } from "../http/tell-referral.ts";
import { body, IdempotencyKeyHeader, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, page } from "../openapi/responses.ts";
import { AutoTopup, AutoTopupInput, Payment, TopupInput } from "../schemas/payments.ts";

const tags = ["Billing"];
const NEEDS_STRIPE = "404 where the platform takes no payments.";

const createTopup = createRoute({
  method: "post",
  path: "/v1/billing/topups",
  operationId: "createTopup",
  "x-audit-action": "topup.created",
  tags,
  summary: "Top up the balance",
  description: `At Stripe's page (\`checkout_url\`), or at once from a saved card. Credited when Stripe says that it was paid. Send \`Idempotency-Key\`. Needs \`billing:manage\`. ${NEEDS_STRIPE}`,
  request: { headers: IdempotencyKeyHeader, body: body(TopupInput) },
  responses: { 201: json(Payment, "The payment."), ...errors },
});

const listTopups = createRoute({
  method: "get",
  path: "/v1/billing/topups",
  operationId: "listTopups",
  tags,
  summary: "Payments",
  description: `Top-ups, automatic ones and subscription fees, newest first. Needs \`billing:read\`. ${NEEDS_STRIPE}`,
  request: { query: PageParameters },
  responses: { 200: page(Payment, "Payments."), ...errors },
});

const getTopup = createRoute({
  method: "get",
  path: "/v1/billing/topups/{id}",
  operationId: "getTopup",
  tags,
  summary: "One payment",
  description: "Needs `billing:read`.",
  request: { params: pathId("Id of the payment.") },
  responses: { 200: json(Payment, "The payment."), ...errors },
});

const getAutoTopup = createRoute({
  method: "get",
  path: "/v1/billing/auto-topup",
  operationId: "getAutoTopup",
  tags,
  summary: "The automatic top-up",
  description: `Needs \`billing:read\`. ${NEEDS_STRIPE}`,
  responses: { 200: json(AutoTopup, "The standing order."), ...errors },
});

const setAutoTopup = createRoute({
  method: "put",
  path: "/v1/billing/auto-topup",
  operationId: "setAutoTopup",
  "x-audit-action": "auto_topup.updated",
  tags,
  summary: "Set the automatic top-up",
  description: `At most one payment is in flight, and never more than the cap in a month. Needs \`billing:manage\`. ${NEEDS_STRIPE}`,
  request: { headers: IdempotencyKeyHeader, body: body(AutoTopupInput) },
  responses: { 200: json(AutoTopup, "The standing order."), ...errors },
});

/** Money that comes in. */
export function mountPayments(app: GatewayApp): void {
  secured(app, createTopup, async (c, actor) => {
    const told = await tellReferral(c, actor.companyId);
    if (!told.ok) return refuse(c, told.error);
    return respondCreated(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.createTopup(context, actor, input, key),
      ),
    );
  });
  secured(app, listTopups, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.listPayments(context, actor, queryOf(c)))),
  );
  secured(app, getTopup, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "billing", (context) => c.env.BILLING.getPayment(context, actor, id)));
  });
  secured(app, getAutoTopup, async (c, actor) =>
    respond(c, await call(c, "billing", (context) => c.env.BILLING.autoTopup(context, actor))),
  );
  secured(app, setAutoTopup, async (c, actor) => {
    const told = await tellReferral(c, actor.companyId);
    if (!told.ok) return refuse(c, told.error);
    return respond(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.setAutoTopup(context, actor, input, key),
      ),
    );
  });
}
