import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, credentialIn } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { open, secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing } from "../http/respond.ts";
import { tellReferral } from "../http/tell-referral.ts";
import { body } from "../openapi/requests.ts";
import { errors, json, noContent } from "../openapi/responses.ts";
import { LoginInput, RefreshInput, RegisterInput, Session } from "../schemas/auth.ts";

const tags = ["Sessions"];

const register = createRoute({
  method: "post",
  path: "/v1/auth/register",
  operationId: "register",
  tags,
  summary: "Register a company",
  description: "Makes a company and its owner, and signs the owner in. `already_exists` for an e-mail that is taken.",
  request: { body: body(RegisterInput) },
  responses: { 201: json(Session, "The company and a session of its owner."), ...errors },
});

const login = createRoute({
  method: "post",
  path: "/v1/auth/login",
  operationId: "login",
  tags,
  summary: "Sign in",
  description: "`invalid_credentials` for any wrong pair, in the same time whether the e-mail is known or not.",
  request: { body: body(LoginInput) },
  responses: { 200: json(Session, "A session."), ...errors },
});

const refresh = createRoute({
  method: "post",
  path: "/v1/auth/refresh",
  operationId: "refreshSession",
  tags,
  summary: "Renew a session",
  description:
    "Trades a refresh token for a new pair. A token that was used before ends the whole session: `invalid_token`.",
  request: { body: body(RefreshInput) },
  responses: { 200: json(Session, "The session with new tokens."), ...errors },
});

const logout = createRoute({
  method: "post",
  path: "/v1/auth/logout",
  operationId: "logout",
  tags,
  summary: "Sign out",
  description: "Ends the session of the access token that is sent.",
  responses: { 204: noContent, ...errors },
});

/** Registering and sessions. The callers of the open routes are rate limited by auth, by address and e-mail. */
export function mountAuth(app: GatewayApp): void {
  open(app, register, async (c) => {
    const registered = await callWithBody(c, "auth", (context, input) => c.env.AUTH.register(context, input));
    // So that the referrer sees it soon; what counts is told again before money moves.
    if (registered.ok) c.executionCtx.waitUntil(tellReferral(c, registered.value.company.id));
    return respondCreated(c, registered);
  });
  open(app, login, async (c) =>
    respond(c, await callWithBody(c, "auth", (context, input) => c.env.AUTH.login(context, input))),
  );
  open(app, refresh, async (c) =>
    respond(c, await callWithBody(c, "auth", (context, input) => c.env.AUTH.refresh(context, input))),
  );
  secured(app, logout, async (c, actor) =>
    respondNothing(c, await call(c, "auth", (context) => c.env.AUTH.logout(context, actor, credentialIn(c)))),
  );
}
