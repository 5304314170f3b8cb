import type { FailureHint } from "../adapter.ts";

/** Anthropic tells an account without credit as 400. */
export function readFailure(status: number, text: string): FailureHint {
  return status === 400 && text.includes("credit balance is too low") ? { outcome: "out_of_credit" } : {};
}
