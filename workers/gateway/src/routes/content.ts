import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond } from "../http/respond.ts";
import { body, pathId } from "../openapi/requests.ts";
import { errors, json } from "../openapi/responses.ts";
import { ContentPolicy, ContentPolicyChange, RequestContent } from "../schemas/content.ts";

const tags = ["Requests"];
const path = "/v1/content-policy";

const getContentPolicy = createRoute({
  method: "get",
  path,
  operationId: "getContentPolicy",
  tags,
  summary: "Whether prompts and answers are stored",
  description: "They are not unless the company switches it on. Needs `company:read`.",
  responses: { 200: json(ContentPolicy, "The policy."), ...errors },
});

const setContentPolicy = createRoute({
  method: "put",
  path,
  operationId: "setContentPolicy",
  "x-audit-action": "content_policy.updated",
  tags,
  summary: "Have prompts and answers stored, or not",
  description:
    "Stored encrypted under a key of the company's own and deleted after `retention_days`; in force within a minute. Switching it off deletes what was stored. Needs `company:update`.",
  request: { body: body(ContentPolicyChange) },
  responses: { 200: json(ContentPolicy, "The policy as it is now."), ...errors },
});

const getRequestContent = createRoute({
  method: "get",
  path: "/v1/requests/{id}/content",
  operationId: "getRequestContent",
  tags,
  summary: "The prompt and the answer of a request",
  description: "Where the company had them stored; else 404. Needs `requests:read`.",
  request: { params: pathId("The request's `x-request-id`.") },
  responses: { 200: json(RequestContent, "What was stored."), ...errors },
});

/** Prompts and answers that a company has stored. */
export function mountContent(app: GatewayApp): void {
  secured(app, getContentPolicy, async (c, actor) =>
    respond(c, await call(c, "analytics", (context) => c.env.ANALYTICS.contentPolicy(context, actor))),
  );
  secured(app, setContentPolicy, async (c, actor) =>
    respond(
      c,
      await callWithBody(c, "analytics", (context, input) => c.env.ANALYTICS.setContentPolicy(context, actor, input)),
    ),
  );
  secured(app, getRequestContent, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "analytics", (context) => c.env.ANALYTICS.requestContent(context, actor, id)));
  });
}
