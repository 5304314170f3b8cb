import { createRoute } from "@hono/zod-openapi";
import { call, credentialIn, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respondNothing, respondPage } from "../http/respond.ts";
import { PageParameters, pathId } from "../openapi/requests.ts";
import { errors, noContent, page } from "../openapi/responses.ts";
import { OwnSession } from "../schemas/identity.ts";

const tags = ["Sessions"];

const listSessions = createRoute({
  method: "get",
  path: "/v1/auth/sessions",
  operationId: "listSessions",
  tags,
  summary: "List my sessions",
  description: "The signed-in member's own, in all its companies. Not for API keys.",
  request: { query: PageParameters },
  responses: { 200: page(OwnSession, "Sessions that last, newest first."), ...errors },
});

const revokeSession = createRoute({
  method: "delete",
  path: "/v1/auth/sessions/{id}",
  operationId: "revokeSession",
  tags,
  summary: "End one of my sessions",
  description: "Its tokens are refused on their next request. A repeat answers alike. Not for API keys.",
  request: { params: pathId("Id of the session.") },
  responses: { 204: noContent, ...errors },
});

const revokeOtherSessions = createRoute({
  method: "delete",
  path: "/v1/auth/sessions",
  operationId: "revokeOtherSessions",
  tags,
  summary: "End my other sessions",
  description: "All of the signed-in member's sessions, in all its companies, but the one that asks. Not for API keys.",
  responses: { 204: noContent, ...errors },
});

/** A person's own sessions. */
export function mountSessions(app: GatewayApp): void {
  secured(app, listSessions, async (c, actor) =>
    respondPage(
      c,
      await call(c, "auth", (context) => c.env.AUTH.listSessions(context, actor, credentialIn(c), queryOf(c))),
    ),
  );
  secured(app, revokeSession, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondNothing(c, await call(c, "auth", (context) => c.env.AUTH.revokeSession(context, actor, id)));
  });
  secured(app, revokeOtherSessions, async (c, actor) =>
    respondNothing(
      c,
      await call(c, "auth", (context) => c.env.AUTH.revokeOtherSessions(context, actor, credentialIn(c))),
    ),
  );
}
