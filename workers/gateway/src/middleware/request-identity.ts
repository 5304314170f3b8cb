import { createMiddleware } from "hono/factory";
import { configOf } from "../env.ts";
import { errorResponse } from "../errors/error-response.ts";
import type { GatewayEnv } from "../http/gateway-context.ts";
import { identify } from "../http/request-identity.ts";
import { stampHeaders } from "../http/response-headers.ts";
import { tracerOf } from "../telemetry/tracer.ts";

/** First of all: gives the request its ids, refuses a malformed client id, stamps every answer. */
export const requestIdentity = createMiddleware<GatewayEnv>(async function requestIdentity(c, next) {
  const identity = identify(c.req.raw.headers, Date.now(), tracerOf(c.env));
  c.set("identity", identity);
  c.set("config", configOf(c.env));
  c.set("caller", null);
  if (identity.problem === null) await next();
  else c.res = errorResponse(identity.problem, identity.context.requestId, c.req.path);
  stampHeaders(c.res.headers, identity);
});
