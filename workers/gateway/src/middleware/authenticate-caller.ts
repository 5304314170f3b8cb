import { createMiddleware } from "hono/factory";
import { authenticate } from "../auth/authenticate.ts";
import { isDataPlane } from "../http/cors-policy.ts";
import type { GatewayEnv } from "../http/gateway-context.ts";
import { refuse } from "../http/respond.ts";

/**
 * Sets `caller` or refuses. On the management plane auth is asked every time, so that a revoked key, an
 * ended session or a lowered role is refused on the next request.
 */
export const authenticateCaller = createMiddleware<GatewayEnv>(async function authenticateCaller(c, next) {
  const { identity, config } = c.var;
  const caller = await authenticate(c.req.raw.headers, identity, c.env, config, isDataPlane(c.req.path));
  if (!caller.ok) return refuse(c, caller.error);
  c.set("caller", caller.value);
  return next();
});
