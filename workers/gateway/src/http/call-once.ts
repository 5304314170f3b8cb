import type { CallContext } from "@aggregator/contracts/call-context";
import type { Result } from "@aggregator/contracts/result";
import { call, callWithBody, type Dependency, idempotencyKeyOf } from "./call.ts";
import type { GatewayContext } from "./gateway-context.ts";

/** As `call`, for a mutation with an `Idempotency-Key`; one that is malformed is the answer. */
export async function callOnce<Value>(
  c: GatewayContext,
  dependency: Dependency,
  work: (context: CallContext, key: string | null) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const key = idempotencyKeyOf(c);
  return key.ok ? call(c, dependency, (context) => work(context, key.value)) : key;
}

/** As `callOnce`, with the request's JSON body. */
export async function callOnceWithBody<Value>(
  c: GatewayContext,
  dependency: Dependency,
  work: (context: CallContext, input: unknown, key: string | null) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  const key = idempotencyKeyOf(c);
  if (!key.ok) return key;
  return callWithBody(c, dependency, (context, input) => work(context, input, key.value));
}
