import { createRoute } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondPage } from "../http/respond.ts";
import { PageParameters } from "../openapi/requests.ts";
import { errors, json, page } from "../openapi/responses.ts";
import { Balance, Transaction } from "../schemas/billing.ts";

const tags = ["Billing"];

const getBalance = createRoute({
  method: "get",
  path: "/v1/billing/balance",
  operationId: "getBalance",
  tags,
  summary: "The balance",
  description: "Exact at this moment, running requests' holds included. Needs `billing:read`.",
  responses: { 200: json(Balance, "The company's balance."), ...errors },
});

const listTransactions = createRoute({
  method: "get",
  path: "/v1/billing/transactions",
  operationId: "listTransactions",
  tags,
  summary: "The ledger",
  description: "Every movement of money, newest first; stable while entries are added. Needs `billing:read`.",
  request: { query: PageParameters },
  responses: { 200: page(Transaction, "Ledger entries."), ...errors },
});

/** The company's money. */
export function mountBilling(app: GatewayApp): void {
  secured(app, getBalance, async (c, actor) =>
    respond(c, await call(c, "billing", (context) => c.env.BILLING.balance(context, actor))),
  );
  secured(app, listTransactions, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.transactions(context, actor, queryOf(c)))),
  );
}
