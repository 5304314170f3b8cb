import { createRoute } from "@hono/zod-openapi";
import type { Result } from "@aggregator/contracts/result";
import { NO_SUCH_PATH } from "../errors/error-response.ts";
import { callWithBody } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { open } from "../http/mount.ts";
import { respond } from "../http/respond.ts";
import { body } from "../openapi/requests.ts";
import { errors, json } from "../openapi/responses.ts";
import { Session } from "../schemas/auth.ts";
import { FinishOidcLoginInput, OidcLogin, StartOidcLoginInput } from "../schemas/identity.ts";

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
}

/** Where no issuer is configured the routes are answered as any path at which there is nothing. */
function unlessAbsent<Value>(result: Result<Value>): Result<Value> {
  return !result.ok && result.error.code === "not_found" ? { ok: false, error: NO_SUCH_PATH } : result;
}
