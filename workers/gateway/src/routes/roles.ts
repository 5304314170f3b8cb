import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, ifMatchOf, queryOf } from "../http/call.ts";
import { changeAccess } from "../http/change-key-access.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing, respondPage } from "../http/respond.ts";
import { body, IfMatchHeader, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { CreateRoleInput, Role, UpdateRoleInput } from "../schemas/members.ts";

const tags = ["Company"];
const params = pathId("Id of the role; of a built-in one its name.");

const listRoles = createRoute({
  method: "get",
  path: "/v1/roles",
  operationId: "listRoles",
  tags,
  summary: "List roles",
  description: "The built-in ones and the company's own. Needs `roles:read`.",
  request: { query: PageParameters },
  responses: { 200: page(Role, "The built-in roles, then the company's own, oldest first."), ...errors },
});

const createRole = createRoute({
  method: "post",
  path: "/v1/roles",
  operationId: "createRole",
  tags,
  summary: "Make a role",
  description: "Out of permissions that the maker has. Needs `roles:manage`.",
  request: { body: body(CreateRoleInput) },
  responses: { 201: json(Role, "The role."), ...errors },
});

const getRole = createRoute({
  method: "get",
  path: "/v1/roles/{id}",
  operationId: "getRole",
  tags,
  summary: "One role",
  description: "Needs `roles:read`.",
  request: { params },
  responses: { 200: json(Role, "The role."), ...errors },
});

const updateRole = createRoute({
  method: "patch",
  path: "/v1/roles/{id}",
  operationId: "updateRole",
  tags,
  summary: "Change a role",
  description:
    "In force on the next request of each who has it. Built-in roles stay as they are. Needs `roles:manage` and all that the role may, before and after.",
  request: { params, headers: IfMatchHeader, body: body(UpdateRoleInput) },
  responses: { 200: json(Role, "The role as it is now."), ...errors },
});

const deleteRole = createRoute({
  method: "delete",
  path: "/v1/roles/{id}",
  operationId: "deleteRole",
  tags,
  summary: "Remove a role",
  description: "Refused while somebody has it or is invited to it. Needs `roles:manage`.",
  request: { params },
  responses: { 204: noContent, ...errors },
});

/** What members may do: sets of permissions. */
export function mountRoles(app: GatewayApp): void {
  secured(app, listRoles, async (c, actor) =>
    respondPage(c, await call(c, "auth", (context) => c.env.AUTH.listRoles(context, actor, queryOf(c)))),
  );
  secured(app, createRole, async (c, actor) =>
    respondCreated(c, await callWithBody(c, "auth", (context, input) => c.env.AUTH.createRole(context, actor, input))),
  );
  secured(app, getRole, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "auth", (context) => c.env.AUTH.getRole(context, actor, id)));
  });
  secured(app, updateRole, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const ifMatch = ifMatchOf(c);
    const changed = await callWithBody(c, "auth", (context, input) =>
      c.env.AUTH.updateRole(context, actor, id, input, ifMatch),
    );
    return respond(c, await changeAccess(c, changed));
  });
  secured(app, deleteRole, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respondNothing(c, await call(c, "auth", (context) => c.env.AUTH.deleteRole(context, actor, id)));
  });
}
