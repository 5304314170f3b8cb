import { submitEnding } from "../account/submit-ending.ts";
import type { InferenceCall } from "./inference-call.ts";
import type { Reminder } from "./watchdog.ts";

/**
 * Reminds the upstream call's watchdog to tell the account, shortly after dispatch, that a provider may
 * have the request, so that its lease ends in a charge and not in a release. A request that ends sooner needs no mark:
 * its ending says more. Told once per request.
 */
export function remindToMarkDispatched(call: InferenceCall): Reminder {
  let isTold = false;
  return {
    atMs: Date.now() + call.config.dispatchMarkMs,
    run: () => {
      if (isTold) return;
      isTold = true;
      const { requestId } = call.context.call;
      call.waitUntil(submitEnding(call.env, call.caller.companyId, { kind: "dispatched", requestId }));
    },
  };
}
