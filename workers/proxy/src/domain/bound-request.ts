import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { chargeOf, type Charge } from "@aggregator/money/charge";
import { worstCaseNanoUsd } from "@aggregator/money/worst-case";
import type { InferenceRequest } from "../endpoints/inference-request.ts";
import type { UsageCeiling } from "../meter/classify-usage.ts";
import { outputCeiling } from "./output-ceiling.ts";

/** Output assumed for rate limits when the client set no limit; corrected at settlement. */
const LIKELY_OUTPUT_TOKENS = 1_000;
/** What a model with an unknown window is believed to read at most. */
const UNKNOWN_WINDOW = 10_000_000;

export interface RequestBound {
  readonly holdNanoUsd: number;
  readonly promptNanoUsd: number;
  readonly estimatedTokens: number;
}

/**
 * What to reserve for a request: the dearest that any of `endpoints` could make of it, before markup; the
 * likely price of its input alone at the first; its likely tokens. Throws RangeError when an amount cannot be carried.
 */
export function boundRequest(request: InferenceRequest, endpoints: readonly PlannedEndpoint[]): RequestBound {
  if (request.isFree) return { holdNanoUsd: 0, promptNanoUsd: 0, estimatedTokens: 0 };
  let holdNanoUsd = 0;
  let outputTokens = 0;
  for (const endpoint of endpoints) {
    const most = outputCeiling(request, endpoint);
    const bound = {
      inputTokens: boundInput(request, endpoint),
      outputTokens: most,
      images: request.pieces?.images ?? 0,
      audioSeconds: request.pieces?.maxAudioSeconds ?? 0,
    };
    holdNanoUsd = Math.max(holdNanoUsd, worstCaseNanoUsd(bound, endpoint.price));
    outputTokens = Math.max(outputTokens, most);
  }
  const likelyOutput =
    request.outputLimit === null ? Math.min(outputTokens, LIKELY_OUTPUT_TOKENS * request.choices) : outputTokens;
  // At the endpoint that is asked first, as the reservation says: a fee alone where its key is the company's.
  const [first] = endpoints;
  const promptNanoUsd = first === undefined ? 0 : promptCharge(request, first).priceNanoUsd;
  return { holdNanoUsd, promptNanoUsd, estimatedTokens: request.input.likelyTokens + likelyOutput };
}

/** Likely cost of the request and its input alone at this endpoint: what a provider may bill the platform for an attempt that failed. */
export function promptCost(request: InferenceRequest, endpoint: PlannedEndpoint): number {
  return promptCharge(request, endpoint).costNanoUsd;
}

function promptCharge(request: InferenceRequest, endpoint: PlannedEndpoint): Charge {
  if (request.isFree) return { costNanoUsd: 0, priceNanoUsd: 0 };
  const input = Math.min(request.input.likelyTokens, boundInput(request, endpoint));
  const seconds = request.pieces?.likelyAudioSeconds ?? 0;
  return chargeOf({ request: 1, input, audio_second: seconds }, endpoint.price);
}

/** Up to what this endpoint's reported usage is believed. */
export function usageCeiling(request: InferenceRequest, endpoint: PlannedEndpoint): UsageCeiling {
  const perAnswer = endpoint.maxOutputTokens ?? endpoint.contextWindow ?? UNKNOWN_WINDOW;
  return {
    inputTokens: endpoint.contextWindow ?? UNKNOWN_WINDOW,
    outputTokens: request.producesOutput ? perAnswer * request.choices : 0,
  };
}

function boundInput(request: InferenceRequest, endpoint: PlannedEndpoint): number {
  return Math.min(request.input.maxTokens, endpoint.contextWindow ?? UNKNOWN_WINDOW);
}
