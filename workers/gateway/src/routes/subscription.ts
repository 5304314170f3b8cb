import { createRoute } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import { callOnce, callOnceWithBody } from "../http/call-once.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { refuse, respond, respondCreated, respondPage } from "../http/respond.ts";
import { tellReferral } from "../http/tell-referral.ts";
import { body, IdempotencyKeyHeader, PageParameters } from "../openapi/requests.ts";
import { errors, json, page } from "../openapi/responses.ts";
import { Plan, SubscribeInput, Subscription, SubscriptionChange } from "../schemas/plans.ts";

const tags = ["Billing"];
const path = "/v1/billing/subscription";

const listPlans = createRoute({
  method: "get",
  path: "/v1/billing/plans",
  operationId: "listPlans",
  tags,
  summary: "The plans on offer",
  description: "Needs `billing:read`.",
  request: { query: PageParameters },
  responses: { 200: page(Plan, "Plans, by id."), ...errors },
});

const getSubscription = createRoute({
  method: "get",
  path,
  operationId: "getSubscription",
  tags,
  summary: "The plan that the company is on",
  description: "`plan: payg` without a subscription. Needs `billing:read`.",
  responses: { 200: json(Subscription, "The subscription."), ...errors },
});

const subscribe = createRoute({
  method: "post",
  path,
  operationId: "subscribe",
  "x-audit-action": "subscription.created",
  tags,
  summary: "Subscribe to a plan",
  description:
    "A trial begins at once; else the plan is in force when its first fee is paid, from the balance, a saved card or at `checkout_url`. Needs `billing:manage`. `conflict` when a subscription is live.",
  request: { headers: IdempotencyKeyHeader, body: body(SubscribeInput) },
  responses: { 201: json(Subscription, "The subscription."), ...errors },
});

const changeSubscription = createRoute({
  method: "patch",
  path,
  operationId: "changeSubscription",
  "x-audit-action": "subscription.updated",
  tags,
  summary: "Change the subscription",
  description:
    "A dearer plan is in force when the difference for the rest of the period is paid; a cheaper one begins with the next period. Also changes how it is paid and takes a cancellation back. Needs `billing:manage`.",
  request: { headers: IdempotencyKeyHeader, body: body(SubscriptionChange) },
  responses: { 200: json(Subscription, "The subscription."), ...errors },
});

const cancelSubscription = createRoute({
  method: "delete",
  path,
  operationId: "cancelSubscription",
  "x-audit-action": "subscription.cancelled",
  tags,
  summary: "Cancel the subscription",
  description: "At the end of the period that is paid for. Needs `billing:manage`.",
  request: { headers: IdempotencyKeyHeader },
  responses: { 200: json(Subscription, "The subscription."), ...errors },
});

/** Plans and the one subscription that a company has. */
export function mountSubscription(app: GatewayApp): void {
  secured(app, listPlans, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.listPlans(context, actor, queryOf(c)))),
  );
  secured(app, getSubscription, async (c, actor) =>
    respond(c, await call(c, "billing", (context) => c.env.BILLING.subscription(context, actor))),
  );
  secured(app, subscribe, async (c, actor) => {
    const told = await tellReferral(c, actor.companyId);
    if (!told.ok) return refuse(c, told.error);
    return respondCreated(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.subscribe(context, actor, input, key),
      ),
    );
  });
  secured(app, changeSubscription, async (c, actor) =>
    respond(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.changeSubscription(context, actor, input, key),
      ),
    ),
  );
  secured(app, cancelSubscription, async (c, actor) =>
    respond(c, await callOnce(c, "billing", (context, key) => c.env.BILLING.cancelSubscription(context, actor, key))),
  );
}
