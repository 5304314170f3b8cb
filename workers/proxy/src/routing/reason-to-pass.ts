import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { ErrorValue } from "@aggregator/contracts/result";
import { isBound } from "../adapters/workers-ai/run-by-binding.ts";
import type { InferenceCall } from "../pipeline/inference-call.ts";

const NOT_BOUND: ErrorValue = {
  code: "no_endpoint_available",
  message: "The provider of this model is not bound to this deployment.",
};

/** Why this endpoint is passed over here and now, however well it is and whatever is asked; null: it is not. */
export function reasonToPass({ env }: InferenceCall, endpoint: PlannedEndpoint): ErrorValue | null {
  return isBound(endpoint, env) ? null : NOT_BOUND;
}
