import { createRoute, z } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondFile, respondPage } from "../http/respond.ts";
import { PageParameters } from "../openapi/requests.ts";
import { errors, json, page } from "../openapi/responses.ts";
import { Referral, Statement } from "../schemas/statements.ts";

const tags = ["Billing"];

const listStatements = createRoute({
  method: "get",
  path: "/v1/billing/statements",
  operationId: "listStatements",
  tags,
  summary: "Statements",
  description: "One for each month, newest first; the running month as it stands. Needs `billing:read`.",
  request: { query: PageParameters },
  responses: { 200: page(Statement, "Statements."), ...errors },
});

const statement = json(Statement, "The statement.");
const getStatement = createRoute({
  method: "get",
  path: "/v1/billing/statements/{month}",
  operationId: "getStatement",
  tags,
  summary: "One statement",
  description: "As JSON, CSV (safe to open in a spreadsheet) or a page to print. Needs `billing:read`.",
  request: {
    params: z.object({
      month: z.string().openapi({ param: { in: "path", name: "month" }, description: "UTC", example: "2026-11" }),
    }),
    query: z.object({ format: z.enum(["json", "csv", "html"]).optional() }),
  },
  responses: {
    200: {
      ...statement,
      content: { ...statement.content, "text/csv": { schema: z.string() }, "text/html": { schema: z.string() } },
    },
    ...errors,
  },
});

const listReferrals = createRoute({
  method: "get",
  path: "/v1/referrals",
  operationId: "listReferrals",
  tags,
  summary: "Companies that this one brought",
  description: "With what each has earned it, newest first. Needs `referrals:read`.",
  request: { query: PageParameters },
  responses: { 200: page(Referral, "Referrals."), ...errors },
});

/** What came and went in a month, and what referrals earned. */
export function mountStatements(app: GatewayApp): void {
  secured(app, listStatements, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.listStatements(context, actor, queryOf(c)))),
  );
  secured(app, getStatement, async (c, actor) => {
    const month = c.req.param("month") ?? "";
    const { format = "json" } = queryOf(c);
    if (format === "json") {
      return respond(c, await call(c, "billing", (context) => c.env.BILLING.getStatement(context, actor, month)));
    }
    return respondFile(
      c,
      await call(c, "billing", (context) => c.env.BILLING.exportStatement(context, actor, month, format)),
    );
  });
  secured(app, listReferrals, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.referrals(context, actor, queryOf(c)))),
  );
}
