import type { CallContext } from "@aggregator/contracts/call-context";
import type { ErrorValue, Result } from "@aggregator/contracts/result";
import { correlation, defectFields, type Logger } from "./log.ts";

/**
 * Runs one call of another Worker and writes its line: what was asked, how it ended, how long it took.
 * A throw is written at error level by its class and thrown on.
 */
export async function logCall<Value, Failure extends ErrorValue>(
  log: Logger,
  context: CallContext,
  operation: string,
  work: () => Promise<Result<Value, Failure>>,
): Promise<Result<Value, Failure>> {
  const startedAtMs = Date.now();
  const fields = () => ({ ...correlation(context), operation, duration_ms: Date.now() - startedAtMs });
  try {
    const result = await work();
    log.info("call", { ...fields(), outcome: result.ok ? "ok" : result.error.code });
    return result;
  } catch (error) {
    log.error("call_failed", { ...fields(), ...defectFields(error) });
    throw error;
  }
}
