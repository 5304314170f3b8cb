import { createRoute } from "@hono/zod-openapi";
import { callAboutCompany } from "../http/call-about-company.ts";
import { callOnceWithBody } from "../http/call-once.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respondCreated } from "../http/respond.ts";
import { body, IdempotencyKeyHeader, pathId } from "../openapi/requests.ts";
import { errors, json } from "../openapi/responses.ts";
import { CreditInput, Transaction } from "../schemas/billing.ts";

const grantCredit = createRoute({
  method: "post",
  path: "/v1/admin/billing/companies/{id}/credits",
  operationId: "grantCredit",
  "x-audit-action": "credit.granted",
  tags: ["Admin"],
  summary: "Grant credit to a company",
  description: "Platform admins only. Send `Idempotency-Key`: a repeat with it never credits twice.",
  request: { params: pathId("Id of the company."), headers: IdempotencyKeyHeader, body: body(CreditInput) },
  responses: { 201: json(Transaction, "The ledger entry."), ...errors },
});

/** Money given by operators. The account itself keeps the idempotency key, in the same commit as the entry. */
export function mountAdminCredits(app: GatewayApp): void {
  secured(app, grantCredit, async (c, actor) => {
    const id = c.req.param("id") ?? "";
    const grant = () =>
      callOnceWithBody(c, "billing", (context, input, key) =>
        c.env.BILLING.grantCredit(context, actor, id, input, key),
      );
    return respondCreated(c, await callAboutCompany(c, actor, id, grant));
  });
}
