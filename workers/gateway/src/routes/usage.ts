import { createRoute, z } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respondPage } from "../http/respond.ts";
import { PageParameters } from "../openapi/requests.ts";
import { errors, page } from "../openapi/responses.ts";
import { UsageRow } from "../schemas/usage.ts";

const getUsage = createRoute({
  method: "get",
  path: "/v1/usage",
  operationId: "getUsage",
  tags: ["Usage"],
  summary: "Usage over time",
  description: "Totals of the company's requests by hour, day, model, key or provider. Needs `usage:read`.",
  request: {
    query: PageParameters.extend({
      from: z.string().optional().openapi({ format: "date-time", description: "Inclusive." }),
      to: z.string().optional().openapi({ format: "date-time", description: "Exclusive." }),
      group_by: z.enum(["hour", "day", "model", "key", "provider"]).optional(),
    }),
  },
  responses: { 200: page(UsageRow, "One row per group."), ...errors },
});

/** Totals by rollups. */
export function mountUsage(app: GatewayApp): void {
  secured(app, getUsage, async (c, actor) =>
    respondPage(c, await call(c, "analytics", (context) => c.env.ANALYTICS.usage(context, actor, queryOf(c)))),
  );
}
