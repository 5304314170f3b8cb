import { createRoute, z } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondNothing, respondPage } from "../http/respond.ts";
import { PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { RequestReceipt } from "../schemas/billing.ts";

const tags = ["Requests"];

const listRequests = createRoute({
  method: "get",
  path: "/v1/requests",
  operationId: "listRequests",
  tags,
  summary: "List requests",
  description: "The company's inference requests, newest first. Needs `requests:read`.",
  request: { query: PageParameters.extend({ status: z.string().optional(), model: z.string().optional() }) },
  responses: { 200: page(RequestReceipt, "Requests."), ...errors },
});

const getRequest = createRoute({
  method: "get",
  path: "/v1/requests/{id}",
  operationId: "getRequest",
  tags,
  summary: "The receipt of a request",
  description: "Where it went, what it used, what it cost and why. Needs `requests:read`.",
  request: { params: pathId("The request's `x-request-id`.") },
  responses: { 200: json(RequestReceipt, "The request."), ...errors },
});

const cancelRequest = createRoute({
  method: "post",
  path: "/v1/requests/{id}/cancel",
  operationId: "cancelRequest",
  tags,
  summary: "Stop a running request",
  description:
    "It ends well-formed at its next checkpoint and is charged for what was produced. Needs `requests:cancel`.",
  request: { params: pathId("The request's `x-request-id`.") },
  responses: { 204: noContent, ...errors },
});

/** The company's log of inference requests, served by its account. */
export function mountRequests(app: GatewayApp): void {
  secured(app, listRequests, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.listRequests(context, actor, queryOf(c)))),
  );
  secured(app, getRequest, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "billing", (context) => c.env.BILLING.getRequest(context, actor, id)));
  });
  secured(app, cancelRequest, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondNothing(c, await call(c, "billing", (context) => c.env.BILLING.cancelRequest(context, actor, id)));
  });
}
