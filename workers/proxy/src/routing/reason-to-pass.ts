import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { ErrorValue } from "@aggregator/contracts/result";
import { bulkhead } from "../health/bulkhead.ts";
import { isBound } from "../adapters/workers-ai/run-by-binding.ts";
import type { InferenceCall } from "../pipeline/inference-call.ts";

const NOT_BOUND: ErrorValue = {
  code: "no_endpoint_available",
  message: "The provider of this model is not bound to this deployment.",
};

const FULL: ErrorValue = {
  code: "no_endpoint_available",
  message: "The providers of this model are busy; try again shortly.",
  retryAfterSeconds: 1,
};

/** Why this endpoint is passed over here and now, however well it is and whatever is asked; null: it is not. */
export function reasonToPass({ env, config }: InferenceCall, endpoint: PlannedEndpoint): ErrorValue | null {
  if (!isBound(endpoint, env)) return NOT_BOUND;
  return bulkhead.isFull(endpoint.provider, config.maxProviderConcurrency, Date.now()) ? FULL : null;
}
