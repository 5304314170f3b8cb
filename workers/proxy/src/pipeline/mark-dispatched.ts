import { submitEnding } from "../account/submit-ending.ts";
import type { InferenceCall } from "./inference-call.ts";

/** A request that ends sooner needs no mark: its ending says more. */
const MARK_AFTER_MS = 50;

/**
 * Tells the account, shortly after dispatch, that a provider may have the request, so that its lease
 * ends in a charge and not in a release. Returns what to call when the request ends first.
 */
export function markDispatched(call: InferenceCall): () => void {
  const timer = setTimeout(() => {
    const { requestId } = call.context.call;
    call.waitUntil(submitEnding(call.env, call.caller.companyId, { kind: "dispatched", requestId }));
  }, MARK_AFTER_MS);
  return () => clearTimeout(timer);
}
