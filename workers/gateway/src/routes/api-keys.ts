import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, ifMatchOf, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing, respondPage } from "../http/respond.ts";
import { body, IfMatchHeader, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import {
  ApiKey,
  ApiKeyFilter,
  CreateApiKeyInput,
  CreatedApiKey,
  RotateApiKeyInput,
  UpdateApiKeyInput,
} from "../schemas/api-keys.ts";

const tags = ["API keys"];
const params = pathId("Id of the key.");

const createApiKey = createRoute({
  method: "post",
  path: "/v1/api-keys",
  operationId: "createApiKey",
  tags,
  summary: "Create an API key",
  description: "The secret is in this answer and never again. Needs `api_keys:manage`.",
  request: { body: body(CreateApiKeyInput) },
  responses: { 201: json(CreatedApiKey, "The key with its secret."), ...errors },
});

const listApiKeys = createRoute({
  method: "get",
  path: "/v1/api-keys",
  operationId: "listApiKeys",
  tags,
  summary: "List API keys",
  description: "Without secrets. Needs `api_keys:read`.",
  request: { query: PageParameters.extend(ApiKeyFilter.shape) },
  responses: { 200: page(ApiKey, "Keys, newest first."), ...errors },
});

const revokeApiKey = createRoute({
  method: "delete",
  path: "/v1/api-keys/{id}",
  operationId: "revokeApiKey",
  tags,
  summary: "Revoke an API key",
  description: "In force at once, everywhere. A repeat answers alike. Needs `api_keys:manage`.",
  request: { params },
  responses: { 204: noContent, ...errors },
});

const getApiKey = createRoute({
  method: "get",
  path: "/v1/api-keys/{id}",
  operationId: "getApiKey",
  tags,
  summary: "One API key",
  description: "Without its secret. Needs `api_keys:read`.",
  request: { params },
  responses: { 200: json(ApiKey, "The key."), ...errors },
});

const updateApiKey = createRoute({
  method: "patch",
  path: "/v1/api-keys/{id}",
  operationId: "updateApiKey",
  tags,
  summary: "Change an API key",
  description:
    "Fields that are absent stay, null lifts a limit. In force within 10 seconds everywhere. Nobody gives a key more than they have. Needs `api_keys:manage`.",
  request: { params, headers: IfMatchHeader, body: body(UpdateApiKeyInput) },
  responses: { 200: json(ApiKey, "The key as it is now."), ...errors },
});

const rotateApiKey = createRoute({
  method: "post",
  path: "/v1/api-keys/{id}/rotate",
  operationId: "rotateApiKey",
  tags,
  summary: "Rotate an API key",
  description:
    "A new secret for the same key, in this answer and never again; the one before stays good for `grace_seconds`. Needs `api_keys:manage`.",
  request: { params, body: body(RotateApiKeyInput) },
  responses: { 200: json(CreatedApiKey, "The key with its new secret."), ...errors },
});

/** Credentials for programs. */
export function mountApiKeys(app: GatewayApp): void {
  secured(app, createApiKey, async (c, actor) =>
    respondCreated(
      c,
      await callWithBody(c, "auth", (context, input) => c.env.AUTH.createApiKey(context, actor, input)),
    ),
  );
  secured(app, listApiKeys, async (c, actor) =>
    respondPage(c, await call(c, "auth", (context) => c.env.AUTH.listApiKeys(context, actor, queryOf(c)))),
  );
  secured(app, getApiKey, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "auth", (context) => c.env.AUTH.getApiKey(context, actor, id)));
  });
  secured(app, updateApiKey, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const ifMatch = ifMatchOf(c);
    return respond(
      c,
      await callWithBody(c, "auth", (context, input) => c.env.AUTH.updateApiKey(context, actor, id, input, ifMatch)),
    );
  });
  secured(app, rotateApiKey, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(
      c,
      await callWithBody(c, "auth", (context, input) => c.env.AUTH.rotateApiKey(context, actor, id, input)),
    );
  });
  secured(app, revokeApiKey, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    // The account first: it refuses the key's very next request whatever any cache says, so when the
    // second step fails nothing can be spent and the caller, told 503, repeats. The other order could
    // leave a key that looks revoked and still spends. An id that is not the company's own key marks
    // nothing but a name in its own account; auth then answers `not_found`.
    const refused = await call(c, "billing", (context) => c.env.BILLING.revokeKey(context, actor, id));
    if (!refused.ok) return respondNothing(c, refused);
    return respondNothing(c, await call(c, "auth", (context) => c.env.AUTH.revokeApiKey(context, actor, id)));
  });
}
