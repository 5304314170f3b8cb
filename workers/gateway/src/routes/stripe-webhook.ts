import { createRoute, z } from "@hono/zod-openapi";
import { call } from "../http/call.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { open } from "../http/mount.ts";
import { readText } from "../http/read-json.ts";
import { refuse, respond } from "../http/respond.ts";
import { errors, json } from "../openapi/responses.ts";
import { StripeReceipt } from "../schemas/payments.ts";

const receiveStripeEvent = createRoute({
  method: "post",
  path: "/v1/webhooks/stripe",
  operationId: "receiveStripeEvent",
  tags: ["Billing"],
  summary: "Stripe's webhook",
  description:
    "For Stripe alone: the signature over the exact bytes is the credential. 404 where no webhook secret is set.",
  request: {
    headers: z.object({ "stripe-signature": z.string().optional() }),
    body: { required: true, content: { "application/json": { schema: z.string() } } },
  },
  responses: { 200: json(StripeReceipt, "Heard."), ...errors },
});

/** The one route without a credential of ours: billing verifies what Stripe signed, over the raw text. */
export function mountStripeWebhook(app: GatewayApp): void {
  open(app, receiveStripeEvent, async (c) => {
    const text = await readText(c.req.raw);
    if (!text.ok) return refuse(c, text.error);
    const signature = c.req.header("stripe-signature") ?? null;
    return respond(
      c,
      await call(c, "billing", (context) => c.env.BILLING.receiveStripeEvent(context, text.value, signature)),
    );
  });
}
