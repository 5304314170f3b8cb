import { createRoute } from "@hono/zod-openapi";
import { callWithBody } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { secured } from "../http/mount.ts";
import { respondPage } from "../http/respond.ts";
import { body } from "../openapi/requests.ts";
import { errors, page } from "../openapi/responses.ts";
import { Rerate, RerateInput } from "../schemas/pricing.ts";

const tags = ["Admin"];

const rerate = createRoute({
  method: "post",
  path: "/v1/admin/billing/rerate",
  operationId: "rerate",
  tags,
  summary: "Try a price book on a period",
  description:
    "Platform admins only. A dry run: what the requests that began in the period were charged, what they would have been, and the difference, by company. Changes nothing.",
  request: { body: body(RerateInput) },
  responses: { 200: page(Rerate, "Companies that were charged, by id."), ...errors },
});

/** Prices, for operators. */
export function mountAdminPricing(app: GatewayApp): void {
  secured(app, rerate, async (c, actor) =>
    respondPage(c, await callWithBody(c, "billing", (context, input) => c.env.BILLING.rerate(context, actor, input))),
  );
}
