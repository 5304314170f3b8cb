import { createRoute } from "@hono/zod-openapi";
import { call } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond } from "../http/respond.ts";
import { pathId } from "../openapi/requests.ts";
import { errors, json } from "../openapi/responses.ts";
import { PublicModel, PublicModelList } from "../schemas/models.ts";

const tags = ["Models"];

const listModels = createRoute({
  method: "get",
  path: "/v1/models",
  operationId: "listModels",
  tags,
  summary: "List models",
  description: "All models that can be called, in OpenAI's list shape.",
  responses: { 200: json(PublicModelList, "The models."), ...errors },
});

const getModel = createRoute({
  method: "get",
  path: "/v1/models/{id}",
  operationId: "getModel",
  tags,
  summary: "One model",
  description: "Ids contain slashes; they work raw or percent-encoded.",
  request: { params: pathId("Catalogue id of the model.", "openai/gpt-4o") },
  responses: { 200: json(PublicModel, "The model."), ...errors },
});

/** The public catalogue. */
export function mountModels(app: GatewayApp): void {
  secured(app, listModels, async (c) => {
    const models = await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.listModels(context));
    return respond(c, models.ok ? { ok: true, value: { object: "list" as const, data: models.value } } : models);
  });
  secured(
    app,
    getModel,
    async (c) => {
      const id = c.req.param("id") ?? "";
      return respond(c, await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.getModel(context, id)));
    },
    "/v1/models/:id{.+}",
  );
}
