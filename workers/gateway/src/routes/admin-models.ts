import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing, respondPage } from "../http/respond.ts";
import { body, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { CatalogueModel, ModelChange, ModelInput } from "../schemas/models.ts";

const tags = ["Admin"];
const params = pathId("Catalogue id of the model; slashes raw or percent-encoded.", "openai/gpt-4o");
/** Ids contain slashes, so the parameter takes the rest of the path. */
const PATH_WITH_SLASHES = "/v1/admin/models/:id{.+}";

const listCatalogueModels = createRoute({
  method: "get",
  path: "/v1/admin/models",
  operationId: "listCatalogueModels",
  tags,
  summary: "List catalogue models",
  description: "Platform admins only. With endpoints and prices.",
  request: { query: PageParameters },
  responses: { 200: page(CatalogueModel, "Models."), ...errors },
});

const createModel = createRoute({
  method: "post",
  path: "/v1/admin/models",
  operationId: "createModel",
  "x-audit-action": "model.created",
  tags,
  summary: "Add a model",
  description: "Platform admins only. A model without prices can be added; calls to it are `model_not_priced`.",
  request: { body: body(ModelInput) },
  responses: { 201: json(CatalogueModel, "The model."), ...errors },
});

const getCatalogueModel = createRoute({
  method: "get",
  path: "/v1/admin/models/{id}",
  operationId: "getCatalogueModel",
  tags,
  summary: "One catalogue model",
  description: "Platform admins only.",
  request: { params },
  responses: { 200: json(CatalogueModel, "The model."), ...errors },
});

const updateModel = createRoute({
  method: "patch",
  path: "/v1/admin/models/{id}",
  operationId: "updateModel",
  "x-audit-action": "model.updated",
  tags,
  summary: "Change a model",
  description: "Platform admins only. Fields that are absent stay as they are; `endpoints` replaces the whole list.",
  request: { params, body: body(ModelChange) },
  responses: { 200: json(CatalogueModel, "The model as it is now."), ...errors },
});

const deleteModel = createRoute({
  method: "delete",
  path: "/v1/admin/models/{id}",
  operationId: "deleteModel",
  "x-audit-action": "model.deleted",
  tags,
  summary: "Remove a model",
  description: "Platform admins only. Receipts keep its name.",
  request: { params },
  responses: { 204: noContent, ...errors },
});

/** The catalogue, for operators. */
export function mountAdminModels(app: GatewayApp): void {
  secured(app, listCatalogueModels, async (c, actor) =>
    respondPage(
      c,
      await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.listCatalogueModels(context, actor, queryOf(c))),
    ),
  );
  secured(app, createModel, async (c, actor) =>
    respondCreated(
      c,
      await callWithBody(c, "orchestrator", (context, input) => c.env.ORCHESTRATOR.createModel(context, actor, input)),
    ),
  );
  secured(
    app,
    getCatalogueModel,
    async (c, actor) => {
      const id = c.req.param("id") ?? "";
      return respond(
        c,
        await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.getCatalogueModel(context, actor, id)),
      );
    },
    PATH_WITH_SLASHES,
  );
  secured(
    app,
    updateModel,
    async (c, actor) => {
      const id = c.req.param("id") ?? "";
      return respond(
        c,
        await callWithBody(c, "orchestrator", (context, input) =>
          c.env.ORCHESTRATOR.updateModel(context, actor, id, input),
        ),
      );
    },
    PATH_WITH_SLASHES,
  );
  secured(
    app,
    deleteModel,
    async (c, actor) => {
      const id = c.req.param("id") ?? "";
      return respondNothing(
        c,
        await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.deleteModel(context, actor, id)),
      );
    },
    PATH_WITH_SLASHES,
  );
}
