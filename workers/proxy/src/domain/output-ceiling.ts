import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { InferenceRequest } from "../endpoints/inference-request.ts";

/** Output that a model is taken to be capable of when the catalogue knows neither its limit nor its window. */
export const DEFAULT_OUTPUT_CEILING = 16_384;

/** Most output tokens of one answer that this endpoint can give. */
export function modelCeiling(endpoint: PlannedEndpoint): number {
  return endpoint.maxOutputTokens ?? endpoint.contextWindow ?? DEFAULT_OUTPUT_CEILING;
}

/** Most output tokens of the whole request: what was asked for, lowered to what the model can, times the answers wanted. */
export function outputCeiling(request: InferenceRequest, endpoint: PlannedEndpoint): number {
  if (!request.producesOutput) return 0;
  const perAnswer = Math.min(request.outputLimit?.tokens ?? Infinity, modelCeiling(endpoint));
  return perAnswer * request.choices;
}

/** The limit to send upstream: the model's, when the client asked for more; null leaves the request as it is. */
export function loweredLimit(request: InferenceRequest, endpoint: PlannedEndpoint): number | null {
  const limit = endpoint.maxOutputTokens;
  if (limit === null || request.outputLimit === null || request.outputLimit.tokens <= limit) return null;
  return limit;
}

/** Output tokens that may still come after `produced`; Infinity where nothing bounds the answer but our guess. */
export function remainingOutput(request: InferenceRequest, endpoint: PlannedEndpoint, produced: number): number {
  const isBounded =
    request.outputLimit !== null || endpoint.maxOutputTokens !== null || endpoint.contextWindow !== null;
  return isBounded ? Math.max(0, outputCeiling(request, endpoint) - produced) : Infinity;
}
