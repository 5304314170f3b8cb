import { createRoute } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import { callOnce, callOnceWithBody } from "../http/call-once.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing, respondPage } from "../http/respond.ts";
import { body, IdempotencyKeyHeader, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { Plan, PlanChange, PlanInput } from "../schemas/plans.ts";

const tags = ["Admin"];
const path = "/v1/admin/billing/plans";
const params = pathId("Id of the plan.", "pro");

const listAllPlans = createRoute({
  method: "get",
  path,
  operationId: "listAllPlans",
  tags,
  summary: "List plans",
  description: "Platform admins only. Archived ones too.",
  request: { query: PageParameters },
  responses: { 200: page(Plan, "Plans, by id."), ...errors },
});

const createPlan = createRoute({
  method: "post",
  path,
  operationId: "createPlan",
  "x-audit-action": "plan.created",
  tags,
  summary: "Add a plan",
  description: "Platform admins only. `already_exists` for an id that is taken, by an archived plan too.",
  request: { headers: IdempotencyKeyHeader, body: body(PlanInput) },
  responses: { 201: json(Plan, "The plan."), ...errors },
});

const getPlan = createRoute({
  method: "get",
  path: `${path}/{id}`,
  operationId: "getPlan",
  tags,
  summary: "One plan",
  description: "Platform admins only.",
  request: { params },
  responses: { 200: json(Plan, "The plan."), ...errors },
});

const updatePlan = createRoute({
  method: "patch",
  path: `${path}/{id}`,
  operationId: "updatePlan",
  "x-audit-action": "plan.updated",
  tags,
  summary: "Change a plan",
  description:
    "Platform admins only. Markup and limits are in force for requests that begin from then on, a new fee from each company's next period.",
  request: { params, headers: IdempotencyKeyHeader, body: body(PlanChange) },
  responses: { 200: json(Plan, "The plan."), ...errors },
});

const archivePlan = createRoute({
  method: "delete",
  path: `${path}/{id}`,
  operationId: "archivePlan",
  "x-audit-action": "plan.archived",
  tags,
  summary: "Take a plan off the offer",
  description: "Platform admins only. Who is on it stays; nobody can begin.",
  request: { params, headers: IdempotencyKeyHeader },
  responses: { 204: noContent, ...errors },
});

/** What companies can subscribe to. */
export function mountAdminPlans(app: GatewayApp): void {
  secured(app, listAllPlans, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.listAllPlans(context, actor, queryOf(c)))),
  );
  secured(app, createPlan, async (c, actor) =>
    respondCreated(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.createPlan(context, actor, input, key),
      ),
    ),
  );
  secured(app, getPlan, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "billing", (context) => c.env.BILLING.getPlan(context, actor, id)));
  });
  secured(app, updatePlan, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.updatePlan(context, actor, id, input, key),
      ),
    );
  });
  secured(app, archivePlan, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondNothing(
      c,
      await callOnce(c, "billing", (context, key) => c.env.BILLING.archivePlan(context, actor, id, key)),
    );
  });
}
