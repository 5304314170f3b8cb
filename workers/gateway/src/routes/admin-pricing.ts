import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, queryOf } from "../http/call.ts";
import { callAboutNamedCompany } from "../http/call-about-company.ts";
import { callOnce } from "../http/call-once.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondNothing, respondPage } from "../http/respond.ts";
import { body, IdempotencyKeyHeader, PageParameters } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { MarkupOverride, MarkupOverrideInput, MarkupOverrideScope, Rerate, RerateInput } from "../schemas/pricing.ts";

const tags = ["Admin"];

const rerate = createRoute({
  method: "post",
  path: "/v1/admin/billing/rerate",
  operationId: "rerate",
  tags,
  summary: "Try a price book on a period",
  description:
    "Platform admins only. A dry run: what the requests that began in the period were charged, what they would have been, and the difference, by company. Changes nothing.",
  request: { body: body(RerateInput) },
  responses: { 200: page(Rerate, "Companies that were charged, by id."), ...errors },
});

const path = "/v1/admin/billing/prices";

const listMarkupOverrides = createRoute({
  method: "get",
  path,
  operationId: "listMarkupOverrides",
  tags,
  summary: "Markups that are not the plan's",
  description: "Platform admins only.",
  request: { query: PageParameters },
  responses: { 200: page(MarkupOverride, "Overrides, by company and model."), ...errors },
});

const setMarkupOverride = createRoute({
  method: "put",
  path,
  operationId: "setMarkupOverride",
  "x-audit-action": "markup.updated",
  tags,
  summary: "Set the markup of a company, a model, or both",
  description:
    "Platform admins only. The most specific is in force: of a company and a model, a company, a model, the plan. Counts for requests that begin from then on; accounts beyond the first two hundred are told within minutes.",
  request: { headers: IdempotencyKeyHeader, body: body(MarkupOverrideInput) },
  responses: { 200: json(MarkupOverride, "The override."), ...errors },
});

const deleteMarkupOverride = createRoute({
  method: "delete",
  path,
  operationId: "deleteMarkupOverride",
  "x-audit-action": "markup.deleted",
  tags,
  summary: "Take such a markup away",
  description: "Platform admins only. The next less specific one is in force again.",
  request: { query: MarkupOverrideScope, headers: IdempotencyKeyHeader },
  responses: { 204: noContent, ...errors },
});

/** Prices, for operators. */
export function mountAdminPricing(app: GatewayApp): void {
  secured(app, rerate, async (c, actor) =>
    respondPage(c, await callWithBody(c, "billing", (context, input) => c.env.BILLING.rerate(context, actor, input))),
  );
  secured(app, listMarkupOverrides, async (c, actor) =>
    respondPage(
      c,
      await call(c, "billing", (context) => c.env.BILLING.listMarkupOverrides(context, actor, queryOf(c))),
    ),
  );
  secured(app, setMarkupOverride, async (c, actor) =>
    respond(
      c,
      await callAboutNamedCompany(c, actor, (context, input, key) =>
        c.env.BILLING.setMarkupOverride(context, actor, input, key),
      ),
    ),
  );
  secured(app, deleteMarkupOverride, async (c, actor) =>
    respondNothing(
      c,
      await callOnce(c, "billing", (context, key) =>
        c.env.BILLING.deleteMarkupOverride(context, actor, queryOf(c), key),
      ),
    ),
  );
}
