import { EXPOSED_HEADERS } from "@aggregator/contracts/data-plane";
import { createMiddleware } from "hono/factory";
import { cors } from "hono/cors";
import { allowedRequestHeaders, isDataPlane } from "../http/cors-policy.ts";
import type { GatewayContext, GatewayEnv } from "../http/gateway-context.ts";

const ALLOWED_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/**
 * The data plane may be called from any origin, without the browser's credentials (a key in a header is
 * what counts). The management plane answers its own origin and those in CORS_ORIGINS, matched whole.
 */
export const crossOrigin = createMiddleware<GatewayEnv>(function crossOrigin(c, next) {
  return cors({
    origin: isDataPlane(c.req.path) ? "*" : (origin) => (c.var.config.CORS_ORIGINS.includes(origin) ? origin : null),
    allowMethods: ALLOWED_METHODS,
    allowHeaders: allowedRequestHeaders(c.req.header("access-control-request-headers") ?? null),
    exposeHeaders: [...EXPOSED_HEADERS],
    maxAge: 86_400,
  })(c as GatewayContext, next);
});
