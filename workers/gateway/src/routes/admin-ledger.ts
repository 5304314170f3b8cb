import { createRoute } from "@hono/zod-openapi";
import { call, queryOf } from "../http/call.ts";
import { callAboutCompany, callAboutNamedCompany } from "../http/call-about-company.ts";
import { callOnceWithBody } from "../http/call-once.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respond, respondNothing, respondPage } from "../http/respond.ts";
import { body, IdempotencyKeyHeader, PageParameters, pathId } from "../openapi/requests.ts";
import { errors, json, noContent, page } from "../openapi/responses.ts";
import {
  Audit,
  CompareInput,
  LedgerFinding,
  RestoredDay,
  RestoreInput,
  UnfreezeInput,
} from "../schemas/ledger-checks.ts";

const tags = ["Admin"];
const companyId = pathId("Id of the company.");

const listLedgerFindings = createRoute({
  method: "get",
  path: "/v1/admin/billing/reconciliation",
  operationId: "listLedgerFindings",
  tags,
  summary: "Differences with the ledgers",
  description:
    "Platform admins only. Days on which a company's ledger and its daily total differ, if only by 1 nano-USD; compared each hour, newest first.",
  request: { query: PageParameters },
  responses: { 200: page(LedgerFinding, "Findings."), ...errors },
});

const reconcileLedger = createRoute({
  method: "post",
  path: "/v1/admin/billing/reconciliation",
  operationId: "reconcileLedger",
  "x-audit-action": "ledger.reconciled",
  tags,
  summary: "Compare a company's day now",
  description: "Platform admins only. Safe to repeat.",
  request: { headers: IdempotencyKeyHeader, body: body(CompareInput) },
  responses: { 200: page(LedgerFinding, "What this comparison found."), ...errors },
});

const auditAccount = createRoute({
  method: "get",
  path: "/v1/admin/billing/companies/{id}/audit",
  operationId: "auditAccount",
  tags,
  summary: "Replay a company's ledger",
  description:
    "Platform admins only. Every entry is replayed and compared with the balance, the holds, the receipts of requests and what analytics was told. Changes nothing.",
  request: { params: companyId },
  responses: { 200: json(Audit, "What the replay came to."), ...errors },
});

const unfreezeAccount = createRoute({
  method: "post",
  path: "/v1/admin/billing/companies/{id}/unfreeze",
  operationId: "unfreezeAccount",
  "x-audit-action": "account.unfrozen",
  tags,
  summary: "Let a frozen account go on",
  description: "Platform admins only. 409 while its books do not tie, and while a payment is disputed.",
  request: { params: companyId, headers: IdempotencyKeyHeader, body: body(UnfreezeInput) },
  responses: { 204: noContent, ...errors },
});

const restoreLedger = createRoute({
  method: "post",
  path: "/v1/admin/billing/companies/{id}/restore",
  operationId: "restoreLedger",
  "x-audit-action": "ledger.restored",
  tags,
  summary: "Put an archived day back",
  description:
    "Platform admins only. The day's ledger entries and requests are in the account again for a week. 409 while its file in the archive is damaged. Safe to repeat.",
  request: { params: companyId, headers: IdempotencyKeyHeader, body: body(RestoreInput) },
  responses: { 200: json(RestoredDay, "What was put back."), ...errors },
});

/** Whether the books tie, for operators. */
export function mountAdminLedger(app: GatewayApp): void {
  secured(app, listLedgerFindings, async (c, actor) =>
    respondPage(c, await call(c, "billing", (context) => c.env.BILLING.ledgerFindings(context, actor, queryOf(c)))),
  );
  secured(app, reconcileLedger, async (c, actor) =>
    respondPage(
      c,
      await callAboutNamedCompany(c, actor, (context, input, key) =>
        c.env.BILLING.reconcileLedger(context, actor, input, key),
      ),
    ),
  );
  secured(app, auditAccount, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const audit = () => call(c, "billing", (context) => c.env.BILLING.auditAccount(context, actor, id));
    return respond(c, await callAboutCompany(c, actor, id, audit));
  });
  secured(app, unfreezeAccount, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const unfreeze = () =>
      callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.unfreezeAccount(context, actor, id, input, key),
      );
    return respondNothing(c, await callAboutCompany(c, actor, id, unfreeze));
  });
  secured(app, restoreLedger, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const restore = () =>
      callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.restoreLedger(context, actor, id, input, key),
      );
    return respond(c, await callAboutCompany(c, actor, id, restore));
  });
}
