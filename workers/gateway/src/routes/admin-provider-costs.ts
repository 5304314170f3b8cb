import { createRoute } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import { callOnceWithBody } from "../http/call-once.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respondPage } from "../http/respond.ts";
import { body, IdempotencyKeyHeader, PageParameters } from "../openapi/requests.ts";
import { errors, page } from "../openapi/responses.ts";
import { ProviderFinding } from "../schemas/ledger-checks.ts";
import { DayInput } from "../schemas/statements.ts";

const tags = ["Admin"];
const path = "/v1/admin/billing/reconciliation/providers";

const listProviderFindings = createRoute({
  method: "get",
  path,
  operationId: "listProviderFindings",
  tags,
  summary: "Differences with providers' bills",
  description:
    "Platform admins only. Days on which a provider's own report differs from what the ledgers say that it cost, newest first; compared each day where a key for the report is configured.",
  request: { query: PageParameters },
  responses: { 200: page(ProviderFinding, "Findings."), ...errors },
});

const reconcileProviders = createRoute({
  method: "post",
  path,
  "x-audit-action": "provider_costs.reconciled",
  operationId: "reconcileProviders",
  tags,
  summary: "Compare a day with providers' bills now",
  description: "Platform admins only. A day of the last thirty that is over. Safe to repeat.",
  request: { headers: IdempotencyKeyHeader, body: body(DayInput) },
  responses: { 200: page(ProviderFinding, "What this comparison found."), ...errors },
});

/** What providers bill against what we count. */
export function mountAdminProviderCosts(app: GatewayApp): void {
  secured(app, listProviderFindings, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.providerFindings(context, actor, queryOf(c)))),
  );
  secured(app, reconcileProviders, async (c, actor) =>
    respondPage(
      c,
      await callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.reconcileProviders(context, actor, input, key),
      ),
    ),
  );
}
