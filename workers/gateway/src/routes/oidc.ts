import { createRoute } from "@hono/zod-openapi";
import type { Result } from "@aggregator/contracts/result";
import { NO_SUCH_PATH } from "../errors/error-response.ts";
import { call, callWithBody, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { open, secured } from "../http/mount.ts";
import { respond, respondNothing, respondPage } from "../http/respond.ts";
import { body, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { Session } from "../schemas/auth.ts";
import { FinishOidcLoginInput, OidcIdentity, OidcLogin, StartOidcLoginInput } from "../schemas/identity.ts";

const tags = ["Sessions"];

const startOidcLogin = createRoute({
  method: "post",
  path: "/v1/auth/oidc/start",
  operationId: "startOidcLogin",
  tags,
  summary: "Sign in by the issuer: begin",
  description: "There only where the operator has configured an OpenID Connect issuer; else 404.",
  request: { body: body(StartOidcLoginInput) },
  responses: { 200: json(OidcLogin, "Where to go."), ...errors },
});

const finishOidcLogin = createRoute({
  method: "post",
  path: "/v1/auth/oidc/callback",
  operationId: "finishOidcLogin",
  tags,
  summary: "Sign in by the issuer: end",
  description:
    "With what the browser brought back. An e-mail address that both the issuer and this platform have verified links the account; `email_not_verified` else. `mfa_required` as at the login by password.",
  request: { body: body(FinishOidcLoginInput) },
  responses: { 200: json(Session, "A session."), ...errors },
});

const listOidcIdentities = createRoute({
  method: "get",
  path: "/v1/auth/oidc/identities",
  operationId: "listOidcIdentities",
  tags,
  summary: "List what I may sign in by",
  description: "The signed-in member's own, at issuers of OpenID Connect. Not for API keys.",
  request: { query: PageParameters },
  responses: { 200: page(OidcIdentity, "In a stable order."), ...errors },
});

const unlinkOidcIdentity = createRoute({
  method: "delete",
  path: "/v1/auth/oidc/identities/{id}",
  operationId: "unlinkOidcIdentity",
  tags,
  summary: "Sign in by an issuer no more",
  description:
    "`conflict` for the last way to sign in: set a password first. Sessions that were begun by it last, and a later sign-in with the same verified e-mail address links it again. Not for API keys.",
  request: { params: pathId("Id of the identity.") },
  responses: { 204: noContent, ...errors },
});

/** Signing in elsewhere. Rate limited by auth, by address. */
export function mountOidc(app: GatewayApp): void {
  open(app, startOidcLogin, async (c) =>
    respond(
      c,
      unlessAbsent(await callWithBody(c, "auth", (context, input) => c.env.AUTH.startOidcLogin(context, input))),
    ),
  );
  open(app, finishOidcLogin, async (c) =>
    respond(
      c,
      unlessAbsent(await callWithBody(c, "auth", (context, input) => c.env.AUTH.finishOidcLogin(context, input))),
    ),
  );
  secured(app, listOidcIdentities, async (c, actor) =>
    respondPage(c, await call(c, "auth", (context) => c.env.AUTH.listOidcIdentities(context, actor, queryOf(c)))),
  );
  secured(app, unlinkOidcIdentity, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondNothing(c, await call(c, "auth", (context) => c.env.AUTH.unlinkOidcIdentity(context, actor, id)));
  });
}

/** Where no issuer is configured the routes are answered as any path at which there is nothing. */
function unlessAbsent<Value>(result: Result<Value>): Result<Value> {
  return !result.ok && result.error.code === "not_found" ? { ok: false, error: NO_SUCH_PATH } : result;
}
