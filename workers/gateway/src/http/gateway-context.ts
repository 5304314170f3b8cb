import type { Change } from "@aggregator/contracts/audit";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AuthenticatedRequest } from "../auth/authenticate.ts";
import type { Config, Env } from "../env.ts";
import type { RequestIdentity } from "./request-identity.ts";

/** What the middleware leave for the handlers. */
export interface Variables {
  identity: RequestIdentity;
  config: Config;
  /** Set by `authenticateCaller`, which every secured route runs first. */
  caller: AuthenticatedRequest | null;
  /** What the Worker that made a change told of it, for the audit log; null: it changed nothing. */
  change?: Change | null;
}

export interface GatewayEnv {
  Bindings: Env;
  Variables: Variables;
}

export type GatewayContext = Context<GatewayEnv>;
export type GatewayApp = OpenAPIHono<GatewayEnv>;
