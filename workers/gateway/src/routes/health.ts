import { createRoute } from "@hono/zod-openapi";
import { checkReadiness } from "../http/check-readiness.ts";
import type { GatewayApp, GatewayContext } from "../http/gateway-context.ts";
import { open } from "../http/mount.ts";
import { json } from "../http/respond.ts";
import { errors, json as jsonAnswer } from "../openapi/responses.ts";
import { Liveness, Readiness } from "../schemas/health.ts";

const tags = ["Platform"];

const getLiveness = createRoute({
  method: "get",
  path: "/health/live",
  operationId: "getLiveness",
  tags,
  summary: "Liveness",
  description: "The gateway answers. Asks nobody else.",
  responses: { 200: jsonAnswer(Liveness, "Alive."), ...errors },
});

const readiness = {
  method: "get",
  tags,
  description: "Each Worker behind the gateway and its database, with the time it took. 503 when one does not answer.",
  responses: {
    200: jsonAnswer(Readiness, "Everything answers."),
    503: jsonAnswer(Readiness, "Something does not."),
    ...errors,
  },
} as const;
const getReadiness = createRoute({
  ...readiness,
  path: "/health/ready",
  operationId: "getReadiness",
  summary: "Readiness",
});
const getHealth = createRoute({ ...readiness, path: "/health", operationId: "getHealth", summary: "Health" });

/** Health of the gateway and of what is behind it. */
export function mountHealth(app: GatewayApp): void {
  open(app, getLiveness, () => json({ status: "ok" as const }, 200));
  open(app, getReadiness, answerReadiness);
  open(app, getHealth, answerReadiness);
}

async function answerReadiness(c: GatewayContext) {
  const readiness = await checkReadiness(c);
  return readiness.status === "ok" ? json(readiness, 200) : json(readiness, 503);
}
