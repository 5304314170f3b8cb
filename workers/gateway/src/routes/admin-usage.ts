import { createRoute, z } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondPage } from "../http/respond.ts";
import { PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, page } from "../openapi/responses.ts";
import { PlatformUsageFilters, UsageRange } from "../openapi/usage-parameters.ts";
import { DeadLetter, PlatformUsageRow, PlatformUsageSummary, ProviderLeagueRow } from "../schemas/usage.ts";

const tags = ["Admin"];
const description = "Platform admins only.";
const range = z.object({ ...UsageRange, ...PlatformUsageFilters });
const group_by = z.string().optional().openapi({
  description: "Comma separated: hour, day, company, model, provider, status.",
});

const getPlatformUsage = createRoute({
  method: "get",
  path: "/v1/admin/usage",
  operationId: "getPlatformUsage",
  tags,
  summary: "Usage of all companies, with margins",
  description,
  request: { query: PageParameters.extend({ ...range.shape, group_by }) },
  responses: { 200: page(PlatformUsageRow, "One row per group."), ...errors },
});

const getPlatformUsageSummary = createRoute({
  method: "get",
  path: "/v1/admin/usage/summary",
  operationId: "getPlatformUsageSummary",
  tags,
  summary: "The platform at a glance",
  description,
  request: { query: range },
  responses: { 200: json(PlatformUsageSummary, "The summary."), ...errors },
});

const getProviderLeague = createRoute({
  method: "get",
  path: "/v1/admin/usage/providers",
  operationId: "getProviderLeague",
  tags,
  summary: "How the providers compare",
  description: `${description} Best margin first.`,
  request: { query: range },
  responses: {
    200: json(z.object({ data: z.array(ProviderLeagueRow).readonly() }), "One row per provider."),
    ...errors,
  },
});

const listDeadLetters = createRoute({
  method: "get",
  path: "/v1/admin/dead-letters",
  operationId: "listDeadLetters",
  tags,
  summary: "Messages that could not be counted",
  description: `${description} Newest first, each with its reason.`,
  request: { query: PageParameters },
  responses: { 200: page(DeadLetter, "Messages."), ...errors },
});

const replayDeadLetter = createRoute({
  method: "post",
  path: "/v1/admin/dead-letters/{id}/replay",
  operationId: "replayDeadLetter",
  tags,
  summary: "Count a message again",
  description: `${description} \`conflict\` while it still cannot be counted; a repeat changes nothing.`,
  request: { params: pathId("Id of the message.") },
  responses: { 200: json(DeadLetter, "The message."), ...errors },
});

/** Usage over all companies, for operators. */
export function mountAdminUsage(app: GatewayApp): void {
  secured(app, getPlatformUsage, async (c, actor) =>
    respondPage(c, await call(c, "analytics", (context) => c.env.ANALYTICS.adminUsage(context, actor, queryOf(c)))),
  );
  secured(app, getPlatformUsageSummary, async (c, actor) =>
    respond(c, await call(c, "analytics", (context) => c.env.ANALYTICS.adminUsageSummary(context, actor, queryOf(c)))),
  );
  secured(app, getProviderLeague, async (c, actor) => {
    const rows = await call(c, "analytics", (context) =>
      c.env.ANALYTICS.adminProviderLeague(context, actor, queryOf(c)),
    );
    return respond(c, rows.ok ? { ok: true, value: { data: rows.value } } : rows);
  });
  secured(app, listDeadLetters, async (c, actor) =>
    respondPage(
      c,
      await call(c, "analytics", (context) => c.env.ANALYTICS.adminDeadLetters(context, actor, queryOf(c))),
    ),
  );
  secured(app, replayDeadLetter, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    return respond(
      c,
      await call(c, "analytics", (context) => c.env.ANALYTICS.adminReplayDeadLetter(context, actor, id)),
    );
  });
}
