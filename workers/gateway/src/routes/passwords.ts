import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, credentialIn } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { open, secured } from "../http/mount.ts";
import { respondNothing } from "../http/respond.ts";
import { body } from "../openapi/requests.ts";
import { errors, noContent } from "../openapi/responses.ts";
import { ChangePasswordInput, ForgotPasswordInput, ResetPasswordInput, VerifyEmailInput } from "../schemas/identity.ts";

const tags = ["Sessions"];

const changePassword = createRoute({
  method: "post",
  path: "/v1/auth/password/change",
  operationId: "changePassword",
  tags,
  summary: "Change my password",
  description: "Needs the current one; ends all other sessions. Not for API keys.",
  request: { body: body(ChangePasswordInput) },
  responses: { 204: noContent, ...errors },
});

const forgotPassword = createRoute({
  method: "post",
  path: "/v1/auth/password/forgot",
  operationId: "forgotPassword",
  tags,
  summary: "Ask for a link to set a new password",
  description:
    "Answers the same, in the same time, whether or not there is such an account. The link is good for an hour.",
  request: { body: body(ForgotPasswordInput) },
  responses: { 204: noContent, ...errors },
});

const resetPassword = createRoute({
  method: "post",
  path: "/v1/auth/password/reset",
  operationId: "resetPassword",
  tags,
  summary: "Set a new password by a link",
  description: "The link is used up; all sessions end. Sign in with the new password afterwards.",
  request: { body: body(ResetPasswordInput) },
  responses: { 204: noContent, ...errors },
});

const verifyEmail = createRoute({
  method: "post",
  path: "/v1/auth/verify-email",
  operationId: "verifyEmail",
  tags,
  summary: "Verify an e-mail address by a link",
  description: "A link is mailed at registration and is good for a day.",
  request: { body: body(VerifyEmailInput) },
  responses: { 204: noContent, ...errors },
});

const resendVerification = createRoute({
  method: "post",
  path: "/v1/auth/verify-email/resend",
  operationId: "resendVerification",
  tags,
  summary: "Mail me a new verification link",
  description:
    "The link before it is good no more. Nothing is mailed to an address that is verified. Not for API keys.",
  responses: { 204: noContent, ...errors },
});

/** Passwords and addresses of people. The callers of the open routes are rate limited by auth, by address and e-mail. */
export function mountPasswords(app: GatewayApp): void {
  secured(app, changePassword, async (c, actor) =>
    respondNothing(
      c,
      await callWithBody(c, "auth", (context, input) =>
        c.env.AUTH.changePassword(context, actor, credentialIn(c), input),
      ),
    ),
  );
  open(app, forgotPassword, async (c) =>
    respondNothing(c, await callWithBody(c, "auth", (context, input) => c.env.AUTH.forgotPassword(context, input))),
  );
  open(app, resetPassword, async (c) =>
    respondNothing(c, await callWithBody(c, "auth", (context, input) => c.env.AUTH.resetPassword(context, input))),
  );
  open(app, verifyEmail, async (c) =>
    respondNothing(c, await callWithBody(c, "auth", (context, input) => c.env.AUTH.verifyEmail(context, input))),
  );
  secured(app, resendVerification, async (c, actor) =>
    respondNothing(c, await call(c, "auth", (context) => c.env.AUTH.resendVerification(context, actor))),
  );
}
