import { createRoute } from "@hono/zod-openapi";
import { call } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond } from "../http/respond.ts";
import { errors, json } from "../openapi/responses.ts";
import { Me } from "../schemas/auth.ts";

const getMe = createRoute({
  method: "get",
  path: "/v1/me",
  operationId: "getMe",
  tags: ["Sessions"],
  summary: "Who am I",
  description: "The company, member or key behind the credential, and what it may do.",
  responses: { 200: json(Me, "The caller."), ...errors },
});

/** The caller's own identity. */
export function mountMe(app: GatewayApp): void {
  secured(app, getMe, async (c, actor) =>
    respond(c, await call(c, "auth", (context) => c.env.AUTH.me(context, actor))),
  );
}
