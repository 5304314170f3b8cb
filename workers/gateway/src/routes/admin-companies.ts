import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { refuse, respond, respondPage } from "../http/respond.ts";
import { body, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, page } from "../openapi/responses.ts";
import { AdminCompany, AdminCompanyFilter, ReasonInput } from "../schemas/companies.ts";

const tags = ["Admin"];
const path = "/v1/admin/companies";
const params = pathId("Id of the company.");
const changed = { 200: json(AdminCompany, "The company as it is now."), ...errors };

const listCompanies = createRoute({
  method: "get",
  path,
  operationId: "adminListCompanies",
  tags,
  summary: "Companies",
  description: "For operators.",
  request: { query: PageParameters.extend(AdminCompanyFilter.shape) },
  responses: { 200: page(AdminCompany, "Companies, newest first."), ...errors },
});

const getCompany = createRoute({
  method: "get",
  path: `${path}/{id}`,
  operationId: "adminGetCompany",
  tags,
  summary: "One company",
  description: "For operators.",
  request: { params },
  responses: { 200: json(AdminCompany, "The company."), ...errors },
});

const suspendCompany = createRoute({
  method: "post",
  path: `${path}/{id}/suspend`,
  operationId: "adminSuspendCompany",
  tags,
  summary: "Suspend a company",
  description:
    "All its sessions and keys are refused from their next request on: `company_suspended`. A repeat answers alike. For operators.",
  request: { params, body: body(ReasonInput) },
  responses: changed,
});

const reactivateCompany = createRoute({
  method: "post",
  path: `${path}/{id}/reactivate`,
  operationId: "adminReactivateCompany",
  tags,
  summary: "Let a company go on",
  description: "One that was suspended or closed; keys and sessions that ended stay ended. For operators.",
  request: { params, body: body(ReasonInput) },
  responses: changed,
});

const eraseCompany = createRoute({
  method: "post",
  path: `${path}/{id}/erase`,
  operationId: "adminEraseCompany",
  tags,
  summary: "Erase a company",
  description:
    "Removes from a closed company, for good, all that tells who its people are, what its clients wrote on requests, and stored prompts and answers; the ledger stays, under ids. For operators.",
  request: { params, body: body(ReasonInput) },
  responses: changed,
});

/** Companies for operators. A repeat of a change tells the account again. */
export function mountAdminCompanies(app: GatewayApp): void {
  secured(app, listCompanies, async (c, actor) =>
    respondPage(c, await call(c, "auth", (context) => c.env.AUTH.adminListCompanies(context, actor, queryOf(c)))),
  );
  secured(app, getCompany, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(c, await call(c, "auth", (context) => c.env.AUTH.adminGetCompany(context, actor, id)));
  });
  secured(app, suspendCompany, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const suspended = await callWithBody(c, "auth", (context, input) =>
      c.env.AUTH.adminSuspendCompany(context, actor, id, input),
    );
    if (!suspended.ok) return refuse(c, suspended.error);
    // The account has the last word over what isolates remember of the company's keys.
    const told = await call(c, "billing", (context) => c.env.BILLING.suspendAccount(context, actor, id));
    return told.ok ? respond(c, suspended) : refuse(c, told.error);
  });
  secured(app, reactivateCompany, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const active = await callWithBody(c, "auth", (context, input) =>
      c.env.AUTH.adminReactivateCompany(context, actor, id, input),
    );
    if (!active.ok) return refuse(c, active.error);
    const told = await call(c, "billing", (context) => c.env.BILLING.resumeAccount(context, actor, id));
    return told.ok ? respond(c, active) : refuse(c, told.error);
  });
  secured(app, eraseCompany, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const erased = await callWithBody(c, "auth", (context, input) =>
      c.env.AUTH.adminEraseCompany(context, actor, id, input),
    );
    if (!erased.ok) return refuse(c, erased.error);
    const forgotten = await call(c, "billing", (context) => c.env.BILLING.eraseAccount(context, actor, id));
    if (!forgotten.ok) return refuse(c, forgotten.error);
    const deleted = await call(c, "analytics", (context) => c.env.ANALYTICS.eraseContent(context, actor, id));
    return deleted.ok ? respond(c, erased) : refuse(c, deleted.error);
  });
}
