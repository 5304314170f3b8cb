import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondNothing, respondPage } from "../http/respond.ts";
import { body, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { ExplainInput, ModelAlias, ModelAliasInput, RoutingExplanation } from "../schemas/routing-admin.ts";

const tags = ["Admin"];
const aliasParams = pathId("The alias; slashes raw or percent-encoded.", "fast");
/** Ids contain slashes, so the parameter takes the rest of the path. */
const ALIAS_WITH_SLASHES = "/v1/admin/routing/aliases/:id{.+}";

const listAliases = createRoute({
  method: "get",
  path: "/v1/admin/routing/aliases",
  operationId: "listModelAliases",
  tags,
  summary: "List model aliases",
  description: "Platform admins only.",
  request: { query: PageParameters },
  responses: { 200: page(ModelAlias, "Aliases."), ...errors },
});

const getAlias = createRoute({
  method: "get",
  path: "/v1/admin/routing/aliases/{id}",
  operationId: "getModelAlias",
  tags,
  summary: "One model alias",
  description: "Platform admins only.",
  request: { params: aliasParams },
  responses: { 200: json(ModelAlias, "The alias."), ...errors },
});

const setAlias = createRoute({
  method: "put",
  path: "/v1/admin/routing/aliases/{id}",
  operationId: "setModelAlias",
  tags,
  summary: "Make or replace a model alias",
  description:
    "Platform admins only. Requests for the alias are tried at its models in order; in force everywhere within 5 s. A key that allows the alias allows what it stands for. 409 where a model has the id.",
  request: { params: aliasParams, body: body(ModelAliasInput) },
  responses: { 200: json(ModelAlias, "The alias as it is now."), ...errors },
});

const deleteAlias = createRoute({
  method: "delete",
  path: "/v1/admin/routing/aliases/{id}",
  operationId: "deleteModelAlias",
  tags,
  summary: "Remove a model alias",
  description: "Platform admins only. Requests for it are `model_not_found` within 5 s.",
  request: { params: aliasParams },
  responses: { 204: noContent, ...errors },
});

const explain = createRoute({
  method: "post",
  path: "/v1/admin/routing/explain",
  operationId: "explainRouting",
  tags,
  summary: "Explain the order of a request's endpoints",
  description:
    "Platform admins only. Which endpoints would be tried, in which order, what placed each, which are passed by and why, with prices and health. Nothing is called.",
  request: { body: body(ExplainInput) },
  responses: { 200: json(RoutingExplanation, "The order and its reasons."), ...errors },
});

/** How requests are steered, for operators. */
export function mountAdminRouting(app: GatewayApp): void {
  secured(app, explain, async (c, actor) =>
    respond(
      c,
      await callWithBody(c, "orchestrator", (context, input) =>
        c.env.ORCHESTRATOR.explainRouting(context, actor, input),
      ),
    ),
  );
  secured(app, listAliases, async (c, actor) =>
    respondPage(
      c,
      await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.listModelAliases(context, actor, queryOf(c))),
    ),
  );
  secured(
    app,
    getAlias,
    async (c, actor) => {
      const id = c.req.param("id") ?? "";
      return respond(
        c,
        await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.getModelAlias(context, actor, id)),
      );
    },
    ALIAS_WITH_SLASHES,
  );
  secured(
    app,
    setAlias,
    async (c, actor) => {
      const id = c.req.param("id") ?? "";
      return respond(
        c,
        await callWithBody(c, "orchestrator", (context, input) =>
          c.env.ORCHESTRATOR.setModelAlias(context, actor, id, input),
        ),
      );
    },
    ALIAS_WITH_SLASHES,
  );
  secured(
    app,
    deleteAlias,
    async (c, actor) => {
      const id = c.req.param("id") ?? "";
      return respondNothing(
        c,
        await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.deleteModelAlias(context, actor, id)),
      );
    },
    ALIAS_WITH_SLASHES,
  );
}
