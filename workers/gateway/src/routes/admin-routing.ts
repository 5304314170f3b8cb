import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondNothing, respondPage } from "../http/respond.ts";
import { body, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import {
  ExplainInput,
  ModelAlias,
  ModelAliasInput,
  RoutingExplanation,
  RoutingRule,
  RoutingRuleInput,
  RoutingRuleList,
} from "../schemas/routing-admin.ts";

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
  "x-audit-action": "model_alias.updated",
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
  "x-audit-action": "model_alias.deleted",
  tags,
  summary: "Remove a model alias",
  description: "Platform admins only. Requests for it are `model_not_found` within 5 s.",
  request: { params: aliasParams },
  responses: { 204: noContent, ...errors },
});

const listRules = createRoute({
  method: "get",
  path: "/v1/admin/routing/rules",
  operationId: "listRoutingRules",
  tags,
  summary: "List routing rules",
  description: "Platform admins only. All of them, in the order in which they are applied.",
  responses: { 200: json(RoutingRuleList, "The rules."), ...errors },
});

const setRule = createRoute({
  method: "put",
  path: "/v1/admin/routing/rules/{id}",
  operationId: "setRoutingRule",
  "x-audit-action": "routing_rule.updated",
  tags,
  summary: "Make or replace a routing rule",
  description: "Platform admins only. In force everywhere within 5 s. Requests that it leaves no endpoint are 503.",
  request: { params: pathId("A name for it.", "large-inputs"), body: body(RoutingRuleInput) },
  responses: { 200: json(RoutingRule, "The rule as it is now."), ...errors },
});

const deleteRule = createRoute({
  method: "delete",
  path: "/v1/admin/routing/rules/{id}",
  operationId: "deleteRoutingRule",
  "x-audit-action": "routing_rule.deleted",
  tags,
  summary: "Remove a routing rule",
  description: "Platform admins only.",
  request: { params: pathId("The rule.") },
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
  mountRules(app);
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

function mountRules(app: GatewayApp): void {
  secured(app, listRules, async (c, actor) => {
    const rules = await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.listRoutingRules(context, actor));
    return respond(c, rules.ok ? { ok: true, value: { data: rules.value } } : rules);
  });
  secured(app, setRule, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(
      c,
      await callWithBody(c, "orchestrator", (context, input) =>
        c.env.ORCHESTRATOR.setRoutingRule(context, actor, id, input),
      ),
    );
  });
  secured(app, deleteRule, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondNothing(
      c,
      await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.deleteRoutingRule(context, actor, id)),
    );
  });
}
