import type { CallContext } from "@aggregator/contracts/call-context";
import type { ErrorValue, Result } from "@aggregator/contracts/result";
import { callDependency } from "@aggregator/runtime/call-dependency";
import { correlation, defectFields, type Logger } from "@aggregator/runtime/log";

/** Calls another Worker within `ms`; a throw or a missed deadline is logged and becomes `service_unavailable`. */
export function callService<Value, Failure extends ErrorValue>(
  dependency: string,
  ms: number,
  context: CallContext,
  logger: Logger,
  call: () => Promise<Result<Value, Failure>>,
): Promise<Result<Value, Failure | ErrorValue>> {
  return callDependency(dependency, ms, call, (error) => {
    logger.error("dependency_failed", { ...correlation(context), dependency, ...defectFields(error) });
  });
}
