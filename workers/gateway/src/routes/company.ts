import type { Actor } from "@aggregator/contracts/actor";
import { createRoute } from "@hono/zod-openapi";
import { call, callWithBody, credentialIn, ifMatchOf } from "../http/call.ts";
import { exportParts } from "../http/company-export.ts";
import { fileHeaders, fileStream } from "../http/file-stream.ts";
import type { GatewayApp, GatewayContext } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import type { ErrorReply, Reply } from "../http/reply.ts";
import { refuse, respond, respondNothing } from "../http/respond.ts";
import { body, IfMatchHeader } from "../openapi/requests.ts";
import { errors, file, json, noContent } from "../openapi/responses.ts";
import { Session } from "../schemas/auth.ts";
import { CloseCompanyInput, CompanySettings, SwitchCompanyInput, UpdateCompanyInput } from "../schemas/companies.ts";

const tags = ["Company"];

const getCompany = createRoute({
  method: "get",
  path: "/v1/company",
  operationId: "getCompany",
  tags,
  summary: "The company",
  description: "Needs `company:read`.",
  responses: { 200: json(CompanySettings, "The company."), ...errors },
});

const updateCompany = createRoute({
  method: "patch",
  path: "/v1/company",
  operationId: "updateCompany",
  tags,
  summary: "Change the company",
  description: "Needs `company:update`.",
  request: { headers: IfMatchHeader, body: body(UpdateCompanyInput) },
  responses: { 200: json(CompanySettings, "The company as it is now."), ...errors },
});

const closeCompany = createRoute({
  method: "post",
  path: "/v1/company/close",
  operationId: "closeCompany",
  tags,
  summary: "Close the company",
  description:
    "All its sessions, keys and invitations end at once. Take a copy first. For an owner that is signed in and gives its password again.",
  request: { body: body(CloseCompanyInput) },
  responses: { 204: noContent, ...errors },
});

const exportCompany = createRoute({
  method: "get",
  path: "/v1/company/export",
  operationId: "exportCompany",
  tags,
  summary: "All data of the company",
  description:
    'One JSON object a line: `{ "section", "data" }`, without secrets. The last line has the section `end` and says whether all of it is there: what the asker may not read, or what did not answer, is named in `missing`. Needs `company:export`.',
  responses: { 200: file("application/x-ndjson", "The archive."), ...errors },
});

const switchCompany = createRoute({
  method: "post",
  path: "/v1/auth/switch-company",
  operationId: "switchCompany",
  tags: ["Sessions"],
  summary: "Work for another of my companies",
  description:
    "A second session, for another company that the signed-in member is in; it ends no later than the one that asks. `GET /v1/me` lists them. Not for API keys.",
  request: { body: body(SwitchCompanyInput) },
  responses: { 200: json(Session, "A session in that company."), ...errors },
});

/** The company as a whole. */
export function mountCompany(app: GatewayApp): void {
  secured(app, getCompany, async (c, actor) =>
    respond(c, await call(c, "auth", (context) => c.env.AUTH.company(context, actor))),
  );
  secured(app, updateCompany, async (c, actor) => {
    const ifMatch = ifMatchOf(c);
    return respond(
      c,
      await callWithBody(c, "auth", (context, input) => c.env.AUTH.updateCompany(context, actor, input, ifMatch)),
    );
  });
  secured(app, closeCompany, async (c, actor) => {
    const closed = await callWithBody(c, "auth", (context, input) => c.env.AUTH.closeCompany(context, actor, input));
    if (!closed.ok) return respondNothing(c, closed);
    // What an isolate remembers of a key is good for seconds more: the account ends that. Nobody could
    // repeat this, so it is tried again here; when it fails all the same, the caches end by themselves.
    const suspend = () =>
      call(c, "billing", (context) => c.env.BILLING.suspendAccount(context, actor, actor.companyId));
    const told = await suspend();
    return respondNothing(c, told.ok ? told : await suspend());
  });
  secured(app, exportCompany, answerExport);
  secured(app, switchCompany, async (c, actor) =>
    respond(
      c,
      await callWithBody(c, "auth", (context, input) =>
        c.env.AUTH.switchCompany(context, actor, credentialIn(c), input),
      ),
    ),
  );
}

async function answerExport(c: GatewayContext, actor: Actor): Promise<Reply<200, never> | ErrorReply> {
  const started = await call(c, "auth", (context) => c.env.AUTH.startExport(context, actor));
  if (!started.ok) return refuse(c, started.error);
  return new Response(fileStream(exportParts(c, actor, started.value)), {
    headers: fileHeaders("application/x-ndjson", "company.ndjson"),
  });
}
