import { createRoute, z } from "@hono/zod-openapi";
import { call } from "../http/call.ts";
import { endKeys } from "../http/end-keys.ts";
import type { GatewayApp } from "../http/gateway-context.ts";
import { open } from "../http/mount.ts";
import { readText } from "../http/read-json.ts";
import { json, refuse } from "../http/respond.ts";
import { errors, json as answer } from "../openapi/responses.ts";
import { LeakLabels } from "../schemas/api-keys.ts";

const reportLeakedKeys = createRoute({
  method: "post",
  path: "/v1/webhooks/github-secret-scanning",
  operationId: "reportLeakedKeys",
  tags: ["API keys"],
  summary: "GitHub's report of leaked keys",
  description:
    "For GitHub's secret scanning alone: its signature over the exact bytes is the credential. Keys of ours are revoked at once and their companies told.",
  request: {
    headers: z.object({
      "github-public-key-identifier": z.string().optional(),
      "github-public-key-signature": z.string().optional(),
    }),
    body: { required: true, content: { "application/json": { schema: z.string() } } },
  },
  responses: { 200: answer(LeakLabels, "Which of them were real."), ...errors },
});

/**
 * Auth ends the keys, then their accounts are told. GitHub sends a report again that was not answered
 * with 2xx, and auth answers a repeat alike: an account that was not reached is told then.
 */
export function mountLeakedKeys(app: GatewayApp): void {
  open(app, reportLeakedKeys, async (c) => {
    const body = await readText(c.req.raw);
    if (!body.ok) return refuse(c, body.error);
    const report = {
      body: body.value,
      keyId: c.req.header("github-public-key-identifier") ?? "",
      signature: c.req.header("github-public-key-signature") ?? "",
    };
    const taken = await call(c, "auth", (context) => c.env.AUTH.reportLeakedKeys(context, report));
    if (!taken.ok) return refuse(c, taken.error);
    const told = await endKeys(c, taken.value.ended);
    return told.ok ? json(taken.value.labels, 200) : refuse(c, told.error);
  });
}
