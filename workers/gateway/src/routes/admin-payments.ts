import { createRoute, z } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import { callOnceWithBody } from "../http/call-once.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondCreated, respondPage } from "../http/respond.ts";
import { body, IdempotencyKeyHeader, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, page } from "../openapi/responses.ts";
import { FxRate, FxRateInput, Payment, RefundInput } from "../schemas/payments.ts";
import { DayInput, StripeFinding } from "../schemas/statements.ts";

const tags = ["Admin"];

const refundPayment = createRoute({
  method: "post",
  path: "/v1/admin/billing/payments/{id}/refunds",
  operationId: "refundPayment",
  "x-audit-action": "payment.refunded",
  tags,
  summary: "Give a payment back",
  description:
    "Platform admins only. In whole or in part, by Stripe; its credit and commission are taken back with it. Send `Idempotency-Key`.",
  request: { params: pathId("Id of the payment."), headers: IdempotencyKeyHeader, body: body(RefundInput) },
  responses: { 201: json(Payment, "The payment."), ...errors },
});

const setFxRate = createRoute({
  method: "put",
  path: "/v1/admin/billing/fx-rates/{currency}",
  operationId: "setFxRate",
  "x-audit-action": "fx_rate.updated",
  tags,
  summary: "Accept a currency",
  description: "Platform admins only. An exact ratio, for orders made from now on.",
  request: {
    params: z.object({
      currency: z.string().openapi({ param: { in: "path", name: "currency" }, example: "eur" }),
    }),
    headers: IdempotencyKeyHeader,
    body: body(FxRateInput),
  },
  responses: { 200: json(FxRate, "The rate."), ...errors },
});

const listStripeFindings = createRoute({
  method: "get",
  path: "/v1/admin/billing/reconciliation/stripe",
  operationId: "listStripeFindings",
  tags,
  summary: "Differences with Stripe",
  description:
    "Platform admins only. What the daily comparison with Stripe's balance transactions found, newest first.",
  request: { query: PageParameters },
  responses: { 200: page(StripeFinding, "Findings."), ...errors },
});

const reconcileStripe = createRoute({
  method: "post",
  path: "/v1/admin/billing/reconciliation/stripe",
  operationId: "reconcileStripe",
  "x-audit-action": "payments.reconciled",
  tags,
  summary: "Compare a day with Stripe now",
  description: "Platform admins only. Safe to repeat.",
  request: { headers: IdempotencyKeyHeader, body: body(DayInput) },
  responses: { 200: page(StripeFinding, "What this comparison found."), ...errors },
});

/** What operators do with payments. */
export function mountAdminPayments(app: GatewayApp): void {
  secured(app, refundPayment, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondCreated(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.refundPayment(context, actor, id, input, key),
      ),
    );
  });
  secured(app, setFxRate, async (c, actor) => {
    const currency = c.req.param("currency") ?? "";
    return respond(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.setFxRate(context, actor, currency, input, key),
      ),
    );
  });
  secured(app, listStripeFindings, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.stripeFindings(context, actor, queryOf(c)))),
  );
  secured(app, reconcileStripe, async (c, actor) =>
    respondPage(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.reconcileStripe(context, actor, input, key),
      ),
    ),
  );
}
