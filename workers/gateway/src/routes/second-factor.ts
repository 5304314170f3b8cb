import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { open, secured } from "../http/mount.ts";
import { respond, respondNothing } from "../http/respond.ts";
import { body } from "../openapi/requests.ts";
import { errors, json, noContent } from "../openapi/responses.ts";
import { Session } from "../schemas/auth.ts";
import {
  EnrolSecondFactorInput,
  OfferedSecondFactor,
  RecoveryCodes,
  SecondFactor,
  SecondFactorCodeInput,
  VerifySecondFactorInput,
} from "../schemas/identity.ts";

const tags = ["Sessions"];

const getSecondFactor = createRoute({
  method: "get",
  path: "/v1/auth/mfa",
  operationId: "getSecondFactor",
  tags,
  summary: "My second factor",
  description: "Whether the signed-in member has one. Not for API keys.",
  responses: { 200: json(SecondFactor, "The second factor."), ...errors },
});

const enrolSecondFactor = createRoute({
  method: "post",
  path: "/v1/auth/mfa/enrol",
  operationId: "enrolSecondFactor",
  tags,
  summary: "Enrol a second factor",
  description:
    "A secret for an authenticator (TOTP), in this answer and never again; in force once it is confirmed. Needs the password. Not for API keys.",
  request: { body: body(EnrolSecondFactorInput) },
  responses: { 200: json(OfferedSecondFactor, "The secret."), ...errors },
});

const confirmSecondFactor = createRoute({
  method: "post",
  path: "/v1/auth/mfa/confirm",
  operationId: "confirmSecondFactor",
  tags,
  summary: "Confirm a second factor",
  description: "By its first code. The recovery codes are in this answer and never again. Not for API keys.",
  request: { body: body(SecondFactorCodeInput) },
  responses: { 200: json(RecoveryCodes, "Recovery codes."), ...errors },
});

const disableSecondFactor = createRoute({
  method: "post",
  path: "/v1/auth/mfa/disable",
  operationId: "disableSecondFactor",
  tags,
  summary: "Disable a second factor",
  description: "By a code of it or a recovery code. Not for API keys.",
  request: { body: body(SecondFactorCodeInput) },
  responses: { 204: noContent, ...errors },
});

const renewRecoveryCodes = createRoute({
  method: "post",
  path: "/v1/auth/mfa/recovery-codes",
  operationId: "renewRecoveryCodes",
  tags,
  summary: "Make new recovery codes",
  description: "By a code of the second factor; the codes before end. Not for API keys.",
  request: { body: body(SecondFactorCodeInput) },
  responses: { 200: json(RecoveryCodes, "Recovery codes."), ...errors },
});

const verifySecondFactor = createRoute({
  method: "post",
  path: "/v1/auth/mfa/verify",
  operationId: "verifySecondFactor",
  tags,
  summary: "Sign in, second step",
  description:
    "With the challenge that a login answered by `mfa_required`. A code is good once, and guesses are counted.",
  request: { body: body(VerifySecondFactorInput) },
  responses: { 200: json(Session, "A session."), ...errors },
});

/** A person's second factor, and logging in with it. */
export function mountSecondFactor(app: GatewayApp): void {
  secured(app, getSecondFactor, async (c, actor) =>
    respond(c, await call(c, "auth", (context) => c.env.AUTH.getSecondFactor(context, actor))),
  );
  secured(app, enrolSecondFactor, async (c, actor) =>
    respond(c, await callWithBody(c, "auth", (context, input) => c.env.AUTH.enrolSecondFactor(context, actor, input))),
  );
  secured(app, confirmSecondFactor, async (c, actor) =>
    respond(
      c,
      await callWithBody(c, "auth", (context, input) => c.env.AUTH.confirmSecondFactor(context, actor, input)),
    ),
  );
  secured(app, disableSecondFactor, async (c, actor) =>
    respondNothing(
      c,
      await callWithBody(c, "auth", (context, input) => c.env.AUTH.disableSecondFactor(context, actor, input)),
    ),
  );
  secured(app, renewRecoveryCodes, async (c, actor) =>
    respond(c, await callWithBody(c, "auth", (context, input) => c.env.AUTH.renewRecoveryCodes(context, actor, input))),
  );
  open(app, verifySecondFactor, async (c) =>
    respond(c, await callWithBody(c, "auth", (context, input) => c.env.AUTH.verifySecondFactor(context, input))),
  );
}
