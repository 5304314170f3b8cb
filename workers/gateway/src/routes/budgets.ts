import { createRoute } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import { callOnce, callOnceWithBody } from "../http/call-once.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondCreated, respondNothing, respondPage } from "../http/respond.ts";
import { body, IdempotencyKeyHeader, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import { Budget, BudgetChange, BudgetInput, LowBalanceAlert } from "../schemas/budgets.ts";

const tags = ["Billing"];
const path = "/v1/billing/budgets";
const alertPath = "/v1/billing/low-balance-alert";
const params = pathId("Id of the budget.", "company.month");

const listBudgets = createRoute({
  method: "get",
  path,
  operationId: "listBudgets",
  tags,
  summary: "Budgets",
  description:
    "What the company, its members and its keys may spend, and what they have spent. Needs `billing:read`. A key's own budget is shown with the key.",
  request: { query: PageParameters },
  responses: { 200: page(Budget, "Budgets, by id."), ...errors },
});

const createBudget = createRoute({
  method: "post",
  path,
  operationId: "createBudget",
  "x-audit-action": "budget.created",
  tags,
  summary: "Set a budget",
  description:
    "In force from the next request on, in the same transaction as the balance: a request that could exceed it is 402 `budget_exceeded`, naming which. Needs `budgets:manage`.",
  request: { headers: IdempotencyKeyHeader, body: body(BudgetInput) },
  responses: { 201: json(Budget, "The budget."), ...errors },
});

const getBudget = createRoute({
  method: "get",
  path: `${path}/{id}`,
  operationId: "getBudget",
  tags,
  summary: "One budget",
  description: "Needs `billing:read`.",
  request: { params },
  responses: { 200: json(Budget, "The budget."), ...errors },
});

const updateBudget = createRoute({
  method: "patch",
  path: `${path}/{id}`,
  operationId: "updateBudget",
  "x-audit-action": "budget.updated",
  tags,
  summary: "Change a budget",
  description: "In force from the next request on; running requests keep what they hold. Needs `budgets:manage`.",
  request: { params, headers: IdempotencyKeyHeader, body: body(BudgetChange) },
  responses: { 200: json(Budget, "The budget as it is now."), ...errors },
});

const deleteBudget = createRoute({
  method: "delete",
  path: `${path}/{id}`,
  operationId: "deleteBudget",
  "x-audit-action": "budget.deleted",
  tags,
  summary: "Lift a budget",
  description: "Needs `budgets:manage`.",
  request: { params, headers: IdempotencyKeyHeader },
  responses: { 204: noContent, ...errors },
});

const getLowBalanceAlert = createRoute({
  method: "get",
  path: alertPath,
  operationId: "getLowBalanceAlert",
  tags,
  summary: "When the company is told that its money runs low",
  description: "Needs `billing:read`.",
  responses: { 200: json(LowBalanceAlert, "The thresholds."), ...errors },
});

const setLowBalanceAlert = createRoute({
  method: "put",
  path: alertPath,
  operationId: "setLowBalanceAlert",
  "x-audit-action": "low_balance_alert.updated",
  tags,
  summary: "Set when the company is told that its money runs low",
  description: "One notice each time that the posted balance falls below a threshold. Needs `billing:manage`.",
  request: { headers: IdempotencyKeyHeader, body: body(LowBalanceAlert) },
  responses: { 200: json(LowBalanceAlert, "The thresholds."), ...errors },
});

/** What a company lets itself spend, and when it wants to hear of it. */
export function mountBudgets(app: GatewayApp): void {
  secured(app, listBudgets, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.listBudgets(context, actor, queryOf(c)))),
  );
  secured(app, createBudget, async (c, actor) =>
    respondCreated(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.createBudget(context, actor, input, key),
      ),
    ),
  );
  secured(app, getBudget, async (c, actor) =>
    respond(c, await call(c, "billing", (context) => c.env.BILLING.getBudget(context, actor, idOf(c)))),
  );
  secured(app, updateBudget, async (c, actor) =>
    respond(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.updateBudget(context, actor, idOf(c), input, key),
      ),
    ),
  );
  secured(app, deleteBudget, async (c, actor) =>
    respondNothing(
      c,
      await callOnce(c, "billing", (context, key) => c.env.BILLING.deleteBudget(context, actor, idOf(c), key)),
    ),
  );
  secured(app, getLowBalanceAlert, async (c, actor) =>
    respond(c, await call(c, "billing", (context) => c.env.BILLING.lowBalanceAlert(context, actor))),
  );
  secured(app, setLowBalanceAlert, async (c, actor) =>
    respond(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.setLowBalanceAlert(context, actor, input, key),
      ),
    ),
  );
}

function idOf(c: { readonly req: { param(name: string): string | undefined } }): string {
  return c.req.param("id") ?? "";
}
