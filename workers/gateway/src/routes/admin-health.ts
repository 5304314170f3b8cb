import { createRoute } from "@hono/zod-openapi";
import { call } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond } from "../http/respond.ts";
import { pathId } from "../openapi/requests.ts";
import { errors, json } from "../openapi/responses.ts";
import { ProviderHealth } from "../schemas/provider-health.ts";

const tags = ["Admin"];

const getHealth = createRoute({
  method: "get",
  path: "/v1/admin/health",
  operationId: "getProviderHealth",
  tags,
  summary: "Health of providers",
  description: "Platform admins only. Circuits of endpoints as all locations share them, and credentials set aside.",
  responses: { 200: json(ProviderHealth, "The health."), ...errors },
});

const resetHealth = createRoute({
  method: "post",
  path: "/v1/admin/health/{id}/reset",
  operationId: "resetEndpointHealth",
  "x-audit-action": "endpoint_health.reset",
  tags,
  summary: "Close an endpoint's circuit",
  description:
    "Platform admins only. The endpoint gets all of its traffic within seconds, and its provider's credentials are used again. Answers the provider's health.",
  request: { params: pathId("Id of the endpoint.") },
  responses: { 200: json(ProviderHealth, "The provider's health as it is now."), ...errors },
});

/** Health of providers, for operators. */
export function mountAdminHealth(app: GatewayApp): void {
  secured(app, getHealth, async (c, actor) =>
    respond(c, await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.adminHealth(context, actor))),
  );
  secured(app, resetHealth, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(
      c,
      await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.adminResetHealth(context, actor, id)),
    );
  });
}
