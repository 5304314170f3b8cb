import type { CallContext } from "@aggregator/contracts/call-context";
import { type Answer, err } from "@aggregator/contracts/result";
import { logCall } from "@aggregator/runtime/log-call";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { type Call, openCall } from "./call.ts";
import { type Env, loggerOf } from "./env.ts";

export type Operation<Value> = (call: Call) => Answer<Value>;

/**
 * Runs an operation and writes its line. Whatever it throws (a database that does not answer, a defect) is logged by its
 * class alone and becomes `service_unavailable`: never an identity, never somebody's SQL in an answer.
 */
export async function serve<Value>(
  env: Env,
  execution: Pick<ExecutionContext, "waitUntil">,
  context: CallContext,
  operation: string,
  run: Operation<Value>,
): Answer<Value> {
  const failed = (error: unknown) =>
    loggerOf(env).error("operation_failed", { ...correlation(context), ...defectFields(error), operation });
  const later = (work: Promise<unknown>) => execution.waitUntil(work.catch(failed));
  try {
    return await logCall(loggerOf(env), context, operation, () => run(openCall(env, context, later)));
  } catch {
    return err("service_unavailable", "Accounts cannot be reached; try again shortly.", { retryAfterSeconds: 1 });
  }
}
