import { createRoute, z } from "@hono/zod-openapi";
import { call, callWithBody, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing, respondPage } from "../http/respond.ts";
import { body, PageParameters } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { Provider, ProviderChange, ProviderInput } from "../schemas/models.ts";

const tags = ["Admin"];
const params = z.object({
  slug: z
    .string()
    .openapi({ param: { in: "path", name: "slug" }, description: "Slug of the provider.", example: "openai" }),
});

const listProviders = createRoute({
  method: "get",
  path: "/v1/admin/providers",
  operationId: "listProviders",
  tags,
  summary: "List providers",
  description: "Platform admins only. Credentials are never returned.",
  request: { query: PageParameters },
  responses: { 200: page(Provider, "Providers."), ...errors },
});

const createProvider = createRoute({
  method: "post",
  path: "/v1/admin/providers",
  operationId: "createProvider",
  "x-audit-action": "provider.created",
  tags,
  summary: "Add a provider",
  description: "Platform admins only. The base URL must be https and public.",
  request: { body: body(ProviderInput) },
  responses: { 201: json(Provider, "The provider."), ...errors },
});

const getProvider = createRoute({
  method: "get",
  path: "/v1/admin/providers/{slug}",
  operationId: "getProvider",
  tags,
  summary: "One provider",
  description: "Platform admins only.",
  request: { params },
  responses: { 200: json(Provider, "The provider."), ...errors },
});

const updateProvider = createRoute({
  method: "patch",
  path: "/v1/admin/providers/{slug}",
  operationId: "updateProvider",
  "x-audit-action": "provider.updated",
  tags,
  summary: "Change a provider",
  description: "Platform admins only. Fields that are absent stay as they are.",
  request: { params, body: body(ProviderChange) },
  responses: { 200: json(Provider, "The provider as it is now."), ...errors },
});

const deleteProvider = createRoute({
  method: "delete",
  path: "/v1/admin/providers/{slug}",
  operationId: "deleteProvider",
  "x-audit-action": "provider.deleted",
  tags,
  summary: "Remove a provider",
  description: "Platform admins only. Its endpoints serve nothing more; receipts keep its name.",
  request: { params },
  responses: { 204: noContent, ...errors },
});

/** Providers, for operators. */
export function mountAdminProviders(app: GatewayApp): void {
  secured(app, listProviders, async (c, actor) =>
    respondPage(
      c,
      await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.listProviders(context, actor, queryOf(c))),
    ),
  );
  secured(app, createProvider, async (c, actor) =>
    respondCreated(
      c,
      await callWithBody(c, "orchestrator", (context, input) =>
        c.env.ORCHESTRATOR.createProvider(context, actor, input),
      ),
    ),
  );
  secured(app, getProvider, async (c, actor) => {
    const slug = c.req.param("slug") ?? "";
    return respond(c, await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.getProvider(context, actor, slug)));
  });
  secured(app, updateProvider, async (c, actor) => {
    const slug = c.req.param("slug") ?? "";
    return respond(
      c,
      await callWithBody(c, "orchestrator", (context, input) =>
        c.env.ORCHESTRATOR.updateProvider(context, actor, slug, input),
      ),
    );
  });
  secured(app, deleteProvider, async (c, actor) => {
    const slug = c.req.param("slug") ?? "";
    return respondNothing(
      c,
      await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.deleteProvider(context, actor, slug)),
    );
  });
}
