import { createRoute } from "@hono/zod-openapi";
import { call } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { open } from "../http/mount.ts";
import { respond } from "../http/respond.ts";
import { errors, json } from "../openapi/responses.ts";
import { Jwks } from "../schemas/auth.ts";

const getJwks = createRoute({
  method: "get",
  path: "/.well-known/jwks.json",
  operationId: "getJwks",
  tags: ["Platform"],
  summary: "Public keys",
  description: "The keys that access tokens are signed with (EdDSA), for those who check them on their own.",
  responses: { 200: json(Jwks, "A JSON Web Key Set."), ...errors },
});

/** Public keys of the sessions' signer. */
export function mountWellKnown(app: GatewayApp): void {
  open(app, getJwks, async (c) => respond(c, await call(c, "auth", (context) => c.env.AUTH.jwks(context))));
}
