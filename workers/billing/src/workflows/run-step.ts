import type { WorkflowStep } from "cloudflare:workers";
import type { Result } from "@aggregator/contracts/result";

/** Stripe or an account may be away for hours: about a day of tries, then an operator sees the instance as errored. */
const RETRIES = { retries: { limit: 12, delay: "10 seconds", backoff: "exponential" }, timeout: "2 minutes" } as const;

/** What a step leaves behind must be plain data: it is stored, and read again after a restart. */
export type StepValue = string | number | boolean | null | { readonly [name: string]: StepValue };

/**
 * One step of a flow: done at least once, and not again after it has succeeded. `work` is idempotent by
 * itself, since a crash between its effect and the record of it runs it again.
 */
export function runStep<Value extends StepValue>(
  step: WorkflowStep,
  name: string,
  work: () => Promise<Value>,
): Promise<Value> {
  // The platform types a step's value as its own `Serializable`, which does not see through a readonly record.
  return step.do(name, RETRIES, work as () => Promise<never>) as Promise<Value>;
}

/** As `runStep` for work without a value that may be refused: null, or the code of the refusal. */
export function runRefusable(
  step: WorkflowStep,
  name: string,
  work: () => Promise<Result<void>>,
): Promise<string | null> {
  return runStep(step, name, async () => {
    const done = await work();
    return done.ok ? null : done.error.code;
  });
}
