import type { Actor } from "@aggregator/contracts/actor";
import type { CallContext } from "@aggregator/contracts/call-context";
import { err, ok, type Result } from "@aggregator/contracts/result";
import { callService } from "./call-service.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { readJson } from "./read-json.ts";

/** Names of the Workers behind the gateway, as errors and logs call them. */
export type Dependency = "auth" | "billing" | "orchestrator" | "analytics" | "notifications";

/** Calls a Worker on behalf of a request, within DEPENDENCY_TIMEOUT_MS; slow or dead is `service_unavailable`. */
export async function call<Value>(
  c: GatewayContext,
  dependency: Dependency,
  work: (context: CallContext) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const { identity, config } = c.var;
  const answer = await callService(dependency, config.DEPENDENCY_TIMEOUT_MS, identity.context, config.logger, () =>
    work(identity.context),
  );
  if (answer.ok && answer.change !== undefined) c.set("change", answer.change);
  return answer;
}

/** As `call`, with the request's JSON body; a body that cannot be read is the answer. */
export async function callWithBody<Value>(
  c: GatewayContext,
  dependency: Dependency,
  work: (context: CallContext, input: unknown) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const body = await readJson(c.req.raw);
  return body.ok ? call(c, dependency, (context) => work(context, body.value)) : body;
}

/** The actor of a secured route. Throws (a defect) where no route-level authentication ran. */
export function actorOf(c: GatewayContext): Actor {
  const { caller } = c.var;
  if (caller === null) throw new Error("the route is not secured");
  return caller.principal.actor;
}

/** The credential that a secured route was called with, for what is about the session that asks. */
export function credentialIn(c: GatewayContext): string {
  return c.var.caller?.credential ?? "";
}

const PRINTABLE = /^[\x20-\x7e]{1,255}$/;

/**
 * The `Idempotency-Key` of a mutation, null without one; `invalid_request` when it is malformed. The
 * Worker that owns the operation keeps it, in the same commit as the change: the gateway stores nothing.
 */
export function idempotencyKeyOf(c: GatewayContext): Result<string | null> {
  const key = c.req.header("idempotency-key") ?? null;
  if (key === null || PRINTABLE.test(key)) return ok(key);
  return err("invalid_request", "Idempotency-Key must be 1 to 255 printable ASCII characters.", {
    param: "idempotency-key",
  });
}

/** The `If-Match` of a change as it was sent; what it means is for the Worker that owns the row. */
export function ifMatchOf(c: GatewayContext): string | null {
  return c.req.header("if-match") ?? null;
}

/** The query as the Worker that parses it takes it: a plain object (RPC serialises no other), the first value of each name. */
export function queryOf(c: GatewayContext): Readonly<Record<string, string>> {
  return { ...c.req.query() };
}
