import { createRoute, z } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import { callAboutCompany } from "../http/call-about-company.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { refuse, respond, respondPage, json as answer } from "../http/respond.ts";
import { PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, page } from "../openapi/responses.ts";
import {
  DeadLetter,
  PlatformUsageRow,
  PlatformUsageSummary,
  ProviderLeagueRow,
  UsageRetold,
} from "../schemas/usage.ts";
import { UsageRange } from "./usage.ts";

const tags = ["Admin"];

const PlatformRange = UsageRange.extend({
  company: z.string().max(256).optional().openapi({ description: "Only this company." }),
});

const getPlatformUsage = createRoute({
  method: "get",
  path: "/v1/admin/usage",
  operationId: "getPlatformUsage",
  tags,
  summary: "Usage and margin of all companies",
  description: "Platform admins only.",
  request: {
    query: PageParameters.extend(PlatformRange.shape).extend({
      group_by: z.string().optional().openapi({
        description: "Up to three of hour, day, company, model, provider, status, separated by commas.",
      }),
    }),
  },
  responses: { 200: page(PlatformUsageRow, "One row per group."), ...errors },
});

const getPlatformUsageSummary = createRoute({
  method: "get",
  path: "/v1/admin/usage/summary",
  operationId: "getPlatformUsageSummary",
  tags,
  summary: "All companies at a glance",
  description: "Platform admins only. With the platform's margin.",
  request: { query: PlatformRange },
  responses: { 200: json(PlatformUsageSummary, "The summary."), ...errors },
});

const getProviderLeague = createRoute({
  method: "get",
  path: "/v1/admin/usage/providers",
  operationId: "getProviderLeague",
  tags,
  summary: "Providers compared",
  description: "Platform admins only. Traffic, errors, speed and margin of each provider, best margin first.",
  request: { query: PlatformRange },
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
  summary: "Usage messages that could not be counted",
  description: "Platform admins only. Newest first, with the reason.",
  request: { query: PageParameters },
  responses: { 200: page(DeadLetter, "Dead letters."), ...errors },
});

const replayDeadLetter = createRoute({
  method: "post",
  path: "/v1/admin/dead-letters/{id}/replay",
  operationId: "replayDeadLetter",
  "x-audit-action": "usage_message.replayed",
  tags,
  summary: "Count a dead letter again",
  description: "Platform admins only. Repeating it changes nothing; 409 when the message still cannot be counted.",
  request: { params: pathId("Id of the dead letter.") },
  responses: { 200: json(DeadLetter, "The dead letter, now counted."), ...errors },
});

const rebuildUsage = createRoute({
  method: "post",
  path: "/v1/admin/usage/companies/{id}/rebuild",
  operationId: "rebuildUsage",
  "x-audit-action": "usage.rebuilt",
  tags,
  summary: "Rebuild a company's usage from its account",
  description:
    "Platform admins only. The rollups are forgotten and told again by the account; until they have arrived, usage reads low. Repeating it changes nothing.",
  request: { params: pathId("Id of the company.") },
  responses: { 200: json(UsageRetold, "How many cells the account told again."), ...errors },
});

/** Usage of the whole platform and the queue's dead letters, for operators. */
export function mountAdminUsage(app: GatewayApp): void {
  secured(app, getPlatformUsage, async (c, actor) =>
    respondPage(c, await call(c, "analytics", (context) => c.env.ANALYTICS.adminUsage(context, actor, queryOf(c)))),
  );
  secured(app, getPlatformUsageSummary, async (c, actor) =>
    respond(c, await call(c, "analytics", (context) => c.env.ANALYTICS.adminUsageSummary(context, actor, queryOf(c)))),
  );
  secured(app, getProviderLeague, async (c, actor) => {
    const league = await call(c, "analytics", (context) =>
      c.env.ANALYTICS.adminProviderLeague(context, actor, queryOf(c)),
    );
    return league.ok ? answer({ data: league.value }, 200) : refuse(c, league.error);
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
  secured(app, rebuildUsage, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const forgotten = await callAboutCompany(c, actor, id, () =>
      call(c, "analytics", (context) => c.env.ANALYTICS.adminForgetUsage(context, actor, id)),
    );
    if (!forgotten.ok) return refuse(c, forgotten.error);
    return respond(c, await call(c, "billing", (context) => c.env.BILLING.adminRetellUsage(context, actor, id)));
  });
}
