import { err, type ErrorValue, type Result } from "@aggregator/contracts/result";
import { withDeadline } from "./with-deadline.ts";

/**
 * Calls another Worker and turns a throw or a missed deadline into `service_unavailable`: fails
 * closed, never into an identity or a free answer. `onFailure` sees the cause, for the log.
 */
export async function callDependency<Value, Failure extends ErrorValue>(
  name: string,
  ms: number,
  call: () => Promise<Result<Value, Failure>>,
  onFailure: (error: unknown) => void,
): Promise<Result<Value, Failure | (ErrorValue & { readonly code: "service_unavailable" })>> {
  try {
    return await withDeadline(call(), ms);
  } catch (error) {
    onFailure(error);
    return err("service_unavailable", `The ${name} service does not answer; try again shortly.`, {
      retryAfterSeconds: 1,
    });
  }
}
