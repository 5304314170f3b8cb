import { createRoute, z } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import type { GatewayApp, GatewayContext } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { refuse, respond, respondFile, respondPage } from "../http/respond.ts";
import { PageParameters } from "../openapi/requests.ts";
import { errors, json, page } from "../openapi/responses.ts";
import { UsageRow, UsageSummary } from "../schemas/usage.ts";

const tags = ["Usage"];
const time = (description: string) => z.string().optional().openapi({ format: "date-time", description });
const filter = (description: string) => z.string().max(256).optional().openapi({ description });

/** The range and the filters of every usage query. */
export const UsageRange = z.object({
  from: time("Inclusive, whole hours; 24 hours before `to` by default."),
  to: time("Exclusive; now by default."),
  model: filter("Only this model."),
  provider: filter("Only this provider."),
  status: z.coerce.number().int().min(100).max(599).optional().openapi({ description: "Only this HTTP status." }),
});

/** The filters that a company has beside those. */
const CompanyFilters = UsageRange.extend({
  key: filter("Only this API key's id."),
  endpoint: filter("Only this endpoint, such as /v1/chat/completions."),
  member: filter("Only keys of this member's id; empty: keys of no member."),
});

const usageRows = page(UsageRow, "One row per group, in the order of the groups.");
const getUsage = createRoute({
  method: "get",
  path: "/v1/usage",
  operationId: "getUsage",
  tags,
  summary: "Usage over time",
  description:
    "Totals of the company's requests by group, in whole hours. `format=csv` gives all rows (at most 10,000) as CSV. Needs `usage:read`.",
  request: {
    query: PageParameters.extend(CompanyFilters.shape).extend({
      group_by: z.string().optional().openapi({
        description: "Up to three of hour, day, model, key, provider, endpoint, status, member, separated by commas.",
        example: "day,model",
      }),
      format: z.enum(["json", "csv"]).optional(),
    }),
  },
  responses: {
    200: { ...usageRows, content: { ...usageRows.content, "text/csv": { schema: z.string() } } },
    ...errors,
  },
});

const getUsageSummary = createRoute({
  method: "get",
  path: "/v1/usage/summary",
  operationId: "getUsageSummary",
  tags,
  summary: "Usage at a glance",
  description: "Spend, requests, tokens, rates, percentiles and the dearest models. Needs `usage:read`.",
  request: { query: CompanyFilters },
  responses: { 200: json(UsageSummary, "The summary."), ...errors },
});

const CSV_FILE = { content_type: "text/csv; charset=utf-8", file_name: "usage.csv" };

/** Totals by rollups. */
export function mountUsage(app: GatewayApp): void {
  secured(app, getUsage, async (c, actor) => {
    const { format, ...query } = queryOf(c);
    if (format === "csv") {
      const csv = await call(c, "analytics", (context) => c.env.ANALYTICS.usageCsv(context, actor, query));
      return respondFile(c, csv.ok ? { ok: true, value: { ...CSV_FILE, body: csv.value } } : csv);
    }
    if (format !== undefined && format !== "json") return refuseFormat(c);
    return respondPage(c, await call(c, "analytics", (context) => c.env.ANALYTICS.usage(context, actor, query)));
  });
  secured(app, getUsageSummary, async (c, actor) =>
    respond(c, await call(c, "analytics", (context) => c.env.ANALYTICS.usageSummary(context, actor, queryOf(c)))),
  );
}

function refuseFormat(c: GatewayContext) {
  return refuse(c, { code: "invalid_request", message: "format: must be json or csv", param: "format" });
}
