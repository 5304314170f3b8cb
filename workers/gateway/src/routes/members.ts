import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, ifMatchOf, queryOf } from "../http/call.ts";
import { changeAccess, changeKeyAccess } from "../http/change-key-access.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondNothing, respondPage } from "../http/respond.ts";
import { body, IfMatchHeader, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { Member, UpdateMemberInput } from "../schemas/members.ts";

const tags = ["Company"];
const params = pathId("Id of the member.");

const listMembers = createRoute({
  method: "get",
  path: "/v1/members",
  operationId: "listMembers",
  tags,
  summary: "List members",
  description: "The company's people. Needs `members:read`.",
  request: { query: PageParameters },
  responses: { 200: page(Member, "Members, by id."), ...errors },
});

const getMember = createRoute({
  method: "get",
  path: "/v1/members/{id}",
  operationId: "getMember",
  tags,
  summary: "One member",
  description: "Needs `members:read`.",
  request: { params },
  responses: { 200: json(Member, "The member."), ...errors },
});

const updateMember = createRoute({
  method: "patch",
  path: "/v1/members/{id}",
  operationId: "updateMember",
  tags,
  summary: "Give a member another role",
  description:
    "In force on the member's next request, and for the keys that it made. Nobody gives or takes what they do not have, and an owner always remains. Needs `members:manage`.",
  request: { params, headers: IfMatchHeader, body: body(UpdateMemberInput) },
  responses: { 200: json(Member, "The member as it is now."), ...errors },
});

const removeMember = createRoute({
  method: "delete",
  path: "/v1/members/{id}",
  operationId: "removeMember",
  tags,
  summary: "Remove a member, or leave",
  description:
    "Its sessions in this company and the keys that it made here end at once. Needs `members:manage`, or being that member; an owner always remains.",
  request: { params },
  responses: { 204: noContent, ...errors },
});

/** The people of a company. */
export function mountMembers(app: GatewayApp): void {
  secured(app, listMembers, async (c, actor) =>
    respondPage(c, await call(c, "auth", (context) => c.env.AUTH.listMembers(context, actor, queryOf(c)))),
  );
  secured(app, getMember, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "auth", (context) => c.env.AUTH.getMember(context, actor, id)));
  });
  secured(app, updateMember, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const ifMatch = ifMatchOf(c);
    const changed = await callWithBody(c, "auth", (context, input) =>
      c.env.AUTH.updateMember(context, actor, id, input, ifMatch),
    );
    return respond(c, await changeAccess(c, changed));
  });
  secured(app, removeMember, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const removed = await call(c, "auth", (context) => c.env.AUTH.removeMember(context, actor, id));
    return respondNothing(c, await changeKeyAccess(c, removed));
  });
}
