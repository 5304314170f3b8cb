import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { GatewayEnv } from "../http/gateway-context.ts";
import { noteAnswer } from "../http/note-answer.ts";

/** One line per request, and its numbers, after everything else is decided. */
export const accessLog = createMiddleware<GatewayEnv>(async function accessLog(c, next) {
  await next();
  noteAnswer({ env: c.env, config: c.var.config, ctx: c.executionCtx }, c.var.identity, {
    method: c.req.method,
    route: routePath(c, -1),
    status: c.res.status,
    principal: c.var.caller?.principal ?? null,
  });
});
