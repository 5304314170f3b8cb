import { createRoute, z } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondFile, respondPage } from "../http/respond.ts";
import { UsageFilters, UsageRange } from "../openapi/usage-parameters.ts";
import { PageParameters } from "../openapi/requests.ts";
import { errors, file, json, page } from "../openapi/responses.ts";
import { UsageRow, UsageSummary } from "../schemas/usage.ts";

const tags = ["Usage"];
const group_by = z.string().optional().openapi({
  description: "Comma separated: hour, day, model, key, provider, endpoint, status, member.",
  example: "model",
});

const getUsage = createRoute({
  method: "get",
  path: "/v1/usage",
  operationId: "getUsage",
  tags,
  summary: "Usage over time",
  description:
    "Totals of the company's requests, grouped; the last 24 hours by hour unless said otherwise. Needs `usage:read`.",
  request: { query: PageParameters.extend({ ...UsageRange, group_by, ...UsageFilters }) },
  responses: { 200: page(UsageRow, "One row per group."), ...errors },
});

const exportUsage = createRoute({
  method: "get",
  path: "/v1/usage/export",
  operationId: "exportUsage",
  tags,
  summary: "Usage as a CSV file",
  description: "The rows of `GET /v1/usage`, at most 10,000, safe to open in a spreadsheet. Needs `usage:read`.",
  request: { query: z.object({ ...UsageRange, group_by, ...UsageFilters }) },
  responses: { 200: file("text/csv", "The rows, header first (RFC 4180)."), ...errors },
});

const getUsageSummary = createRoute({
  method: "get",
  path: "/v1/usage/summary",
  operationId: "getUsageSummary",
  tags,
  summary: "Usage at a glance",
  description: "Spend, requests, errors, latency and the dearest models of a range. Needs `usage:read`.",
  request: { query: z.object({ ...UsageRange, ...UsageFilters }) },
  responses: { 200: json(UsageSummary, "The summary."), ...errors },
});

/** Totals by rollups. */
export function mountUsage(app: GatewayApp): void {
  secured(app, getUsage, async (c, actor) =>
    respondPage(c, await call(c, "analytics", (context) => c.env.ANALYTICS.usage(context, actor, queryOf(c)))),
  );
  secured(app, exportUsage, async (c, actor) => {
    const csv = await call(c, "analytics", (context) => c.env.ANALYTICS.usageCsv(context, actor, queryOf(c)));
    if (!csv.ok) return respond(c, csv);
    const value = { content_type: "text/csv; charset=utf-8", file_name: "usage.csv", body: csv.value };
    return respondFile(c, { ok: true, value });
  });
  secured(app, getUsageSummary, async (c, actor) =>
    respond(c, await call(c, "analytics", (context) => c.env.ANALYTICS.usageSummary(context, actor, queryOf(c)))),
  );
}
