import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { open, secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing, respondPage } from "../http/respond.ts";
import { body, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { Session } from "../schemas/auth.ts";
import { AcceptInvitationInput, CreateInvitationInput, Invitation } from "../schemas/members.ts";

const tags = ["Company"];
const params = pathId("Id of the invitation.");

const createInvitation = createRoute({
  method: "post",
  path: "/v1/invitations",
  operationId: "createInvitation",
  tags,
  summary: "Invite somebody",
  description:
    "Mails a link that is good for a week; one before it to the same address ends. Nobody invites to a role that may more than they. Needs `invitations:manage`.",
  request: { body: body(CreateInvitationInput) },
  responses: { 201: json(Invitation, "The invitation, without its secret."), ...errors },
});

const listInvitations = createRoute({
  method: "get",
  path: "/v1/invitations",
  operationId: "listInvitations",
  tags,
  summary: "List invitations",
  description: "Needs `members:read`.",
  request: { query: PageParameters },
  responses: { 200: page(Invitation, "Invitations, newest first."), ...errors },
});

const getInvitation = createRoute({
  method: "get",
  path: "/v1/invitations/{id}",
  operationId: "getInvitation",
  tags,
  summary: "One invitation",
  description: "Needs `members:read`.",
  request: { params },
  responses: { 200: json(Invitation, "The invitation."), ...errors },
});

const revokeInvitation = createRoute({
  method: "delete",
  path: "/v1/invitations/{id}",
  operationId: "revokeInvitation",
  tags,
  summary: "Take an invitation back",
  description: "Its link is good no more. A repeat answers alike. Needs `invitations:manage`.",
  request: { params },
  responses: { 204: noContent, ...errors },
});

const acceptInvitation = createRoute({
  method: "post",
  path: "/v1/invitations/accept",
  operationId: "acceptInvitation",
  tags,
  summary: "Join a company",
  description: "By the secret of the mailed link, which proves the address. Signs in to the company.",
  request: { body: body(AcceptInvitationInput) },
  responses: { 200: json(Session, "A session in the company."), ...errors },
});

/** Offers to join a company. Accepting is rate limited by auth. */
export function mountInvitations(app: GatewayApp): void {
  secured(app, createInvitation, async (c, actor) =>
    respondCreated(
      c,
      await callWithBody(c, "auth", (context, input) => c.env.AUTH.createInvitation(context, actor, input)),
    ),
  );
  secured(app, listInvitations, async (c, actor) =>
    respondPage(c, await call(c, "auth", (context) => c.env.AUTH.listInvitations(context, actor, queryOf(c)))),
  );
  secured(app, getInvitation, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "auth", (context) => c.env.AUTH.getInvitation(context, actor, id)));
  });
  secured(app, revokeInvitation, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondNothing(c, await call(c, "auth", (context) => c.env.AUTH.revokeInvitation(context, actor, id)));
  });
  open(app, acceptInvitation, async (c) =>
    respond(c, await callWithBody(c, "auth", (context, input) => c.env.AUTH.acceptInvitation(context, input))),
  );
}
