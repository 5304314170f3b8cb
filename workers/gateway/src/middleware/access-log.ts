import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { GatewayEnv } from "../http/gateway-context.ts";
import { logAccess } from "../http/log-access.ts";

/** One line per request, after everything else is decided. */
export const accessLog = createMiddleware<GatewayEnv>(async function accessLog(c, next) {
  await next();
  logAccess(c.var.config.logger, c.var.identity, {
    method: c.req.method,
    route: routePath(c, -1),
    status: c.res.status,
    principal: c.var.caller?.principal ?? null,
  });
});
