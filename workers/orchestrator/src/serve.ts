import type { CallContext } from "@aggregator/contracts/call-context";
import { err, type ErrorValue, type Result } from "@aggregator/contracts/result";
import { correlation, defectFields } from "@aggregator/runtime/log";
import { type Call, openCall } from "./call.ts";
import { type Env, loggerOf } from "./env.ts";

/**
 * Runs an operation. Whatever it throws (a database that does not answer, a defect) is logged by its
 * class alone and becomes `service_unavailable`: fails closed, never a free model or somebody's SQL.
 */
export async function serve<Value, Failure extends ErrorValue>(
  env: Env,
  context: CallContext,
  operation: string,
  run: (call: Call) => Promise<Result<Value, Failure>>,
): Promise<Result<Value, Failure | (ErrorValue & { readonly code: "service_unavailable" })>> {
  try {
    return await run(openCall(env, context));
  } catch (error) {
    loggerOf(env).error("operation_failed", { ...correlation(context), ...defectFields(error), operation });
    return err("service_unavailable", "Routing cannot be reached; try again shortly.", { retryAfterSeconds: 1 });
  }
}
