import type { Actor } from "@aggregator/contracts/actor";
import type { RouteConfig } from "@hono/zod-openapi";
import { authenticateCaller } from "../middleware/authenticate-caller.ts";
import { actorOf } from "./call.ts";
import type { GatewayApp, GatewayContext } from "./gateway-context.ts";
import { recordChange } from "./record-change.ts";
import type { ReplyOf } from "./reply.ts";

/** A route as `createRoute` makes it. Security is not stated there: `secured` and `open` state and enforce it. */
type Route = Omit<RouteConfig, "security"> & {
  readonly security?: never;
  /** What a change in another Worker than auth is called in the audit log; auth enters its own. */
  readonly "x-audit-action"?: string;
  getRoutingPath(): string;
};
type Answer<R extends Route> = ReplyOf<R> | Promise<ReplyOf<R>>;

/** Either header is accepted; both name the same key or token. */
const CREDENTIALS = [{ bearer: [] }, { apiKey: [] }];

/** A route that anybody may call. */
export function open<R extends Route>(app: GatewayApp, route: R, handler: (c: GatewayContext) => Answer<R>): void {
  app.openAPIRegistry.registerPath({ ...route, security: [] });
  app.on(route.method.toUpperCase(), route.getRoutingPath(), handler);
}

/**
 * A route that needs a credential. What the document says and what is enforced are one statement: a
 * route cannot be described as secured and be open. `path` where the routing path is not the
 * described one (ids with slashes).
 *
 * Not `app.openapi()`: it would also validate the body here, by a lenient JSON parser and a second set
 * of messages; the Worker that owns the operation parses its input, strictly and alone.
 */
export function secured<R extends Route>(
  app: GatewayApp,
  route: R,
  handler: (c: GatewayContext, actor: Actor) => Answer<R>,
  path: string = route.getRoutingPath(),
): void {
  describe(app, route);
  const action = route["x-audit-action"];
  app.on(route.method.toUpperCase(), path, authenticateCaller, async (c): Promise<Response> => {
    const actor = actorOf(c);
    const answer = () => handler(c, actor);
    return action === undefined ? answer() : recordChange(c, actor, { path: route.path, action }, answer);
  });
}

/** Describes a secured route that is served elsewhere. */
export function describe(app: GatewayApp, route: Route): void {
  app.openAPIRegistry.registerPath({ ...route, security: CREDENTIALS });
}
