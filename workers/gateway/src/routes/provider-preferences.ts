import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, ifMatchOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond } from "../http/respond.ts";
import { body, IfMatchHeader } from "../openapi/requests.ts";
import { errors, json } from "../openapi/responses.ts";
import { Preferences } from "../schemas/common.ts";
import { CompanyPreferences } from "../schemas/company-routing.ts";

const tags = ["Routing"];
const path = "/v1/provider-preferences";

const getProviderPreferences = createRoute({
  method: "get",
  path,
  operationId: "getProviderPreferences",
  tags,
  summary: "How the company wants providers chosen",
  description: "Needs `provider_preferences:read`.",
  responses: { 200: json(CompanyPreferences, "The preferences."), ...errors },
});

const setProviderPreferences = createRoute({
  method: "put",
  path,
  operationId: "setProviderPreferences",
  "x-audit-action": "provider_preferences.updated",
  tags,
  summary: "Set how the company wants providers chosen",
  description:
    "Replaces all of them; in force within 5 seconds everywhere. `order`, `sort` and `allow_fallbacks` give way to those of a key or a request; `only`, `ignore`, `max_price` and `data_collection` hold for all. Needs `provider_preferences:manage`.",
  request: { headers: IfMatchHeader, body: body(Preferences) },
  responses: { 200: json(CompanyPreferences, "The preferences as they are now."), ...errors },
});

/** A company's word on routing. */
export function mountProviderPreferences(app: GatewayApp): void {
  secured(app, getProviderPreferences, async (c, actor) =>
    respond(c, await call(c, "orchestrator", (context) => c.env.ORCHESTRATOR.getProviderPreferences(context, actor))),
  );
  secured(app, setProviderPreferences, async (c, actor) => {
    const ifMatch = ifMatchOf(c);
    return respond(
      c,
      await callWithBody(c, "orchestrator", (context, input) =>
        c.env.ORCHESTRATOR.setProviderPreferences(context, actor, input, ifMatch),
      ),
    );
  });
}
