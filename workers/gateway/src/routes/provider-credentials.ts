import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, ifMatchOf, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing, respondPage } from "../http/respond.ts";
import { body, IfMatchHeader, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { ProviderCredential, ProviderCredentialChange, ProviderCredentialInput } from "../schemas/company-routing.ts";

const tags = ["Routing"];
const path = "/v1/provider-credentials";
const params = pathId("Id of the credential.");

const listProviderCredentials = createRoute({
  method: "get",
  path,
  operationId: "listProviderCredentials",
  tags,
  summary: "The company's own provider keys",
  description: "By provider; the keys themselves are never returned. Needs `provider_credentials:read`.",
  request: { query: PageParameters },
  responses: { 200: page(ProviderCredential, "Credentials."), ...errors },
});

const createProviderCredential = createRoute({
  method: "post",
  path,
  operationId: "createProviderCredential",
  "x-audit-action": "provider_credential.created",
  tags,
  summary: "Bring a provider key",
  description:
    "One per provider. Requests of this company are sent with it first, within 5 seconds everywhere; the provider bills it, and the platform takes a share of the usual price as its fee. Needs `provider_credentials:manage`.",
  request: { body: body(ProviderCredentialInput) },
  responses: { 201: json(ProviderCredential, "The credential, without its key."), ...errors },
});

const getProviderCredential = createRoute({
  method: "get",
  path: `${path}/{id}`,
  operationId: "getProviderCredential",
  tags,
  summary: "One provider key",
  description: "Needs `provider_credentials:read`.",
  request: { params },
  responses: { 200: json(ProviderCredential, "The credential, without its key."), ...errors },
});

const updateProviderCredential = createRoute({
  method: "patch",
  path: `${path}/{id}`,
  operationId: "updateProviderCredential",
  "x-audit-action": "provider_credential.updated",
  tags,
  summary: "Rename or replace a provider key",
  description: "Fields that are absent stay. Needs `provider_credentials:manage`.",
  request: { params, headers: IfMatchHeader, body: body(ProviderCredentialChange) },
  responses: { 200: json(ProviderCredential, "The credential as it is now."), ...errors },
});

const deleteProviderCredential = createRoute({
  method: "delete",
  path: `${path}/{id}`,
  operationId: "deleteProviderCredential",
  "x-audit-action": "provider_credential.deleted",
  tags,
  summary: "Remove a provider key",
  description: "Requests go by the platform's keys again. Needs `provider_credentials:manage`.",
  request: { params },
  responses: { 204: noContent, ...errors },
});

/** Keys that a company brought for its own requests. */
export function mountProviderCredentials(app: GatewayApp): void {
  secured(app, listProviderCredentials, async (c, actor) =>
    respondPage(
      c,
      await call(c, "orchestrator", (context) =>
        c.env.ORCHESTRATOR.listProviderCredentials(context, actor, queryOf(c)),
      ),
    ),
  );
  secured(app, createProviderCredential, async (c, actor) =>
    respondCreated(
      c,
      await callWithBody(c, "orchestrator", (context, input) =>
        c.env.ORCHESTRATOR.createProviderCredential(context, actor, input),
      ),
    ),
  );
  secured(app, getProviderCredential, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(
      c,
      await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.getProviderCredential(context, actor, id)),
    );
  });
  secured(app, updateProviderCredential, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const ifMatch = ifMatchOf(c);
    return respond(
      c,
      await callWithBody(c, "orchestrator", (context, input) =>
        c.env.ORCHESTRATOR.updateProviderCredential(context, actor, id, input, ifMatch),
      ),
    );
  });
  secured(app, deleteProviderCredential, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondNothing(
      c,
      await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.deleteProviderCredential(context, actor, id)),
    );
  });
}
