import { formatUsd } from "@aggregator/money/usd-decimal";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import type { ShownUsage } from "../adapter.ts";

/** The usage object for the client: the provider's own (or ours, when it reported none) plus what the request cost. */
export function showUsage(reported: unknown, shown: ShownUsage): JsonObject {
  return {
    ...(isObject(reported) ? reported : ownUsage(shown)),
    cost_nano_usd: shown.priceNanoUsd,
    cost: formatUsd(shown.priceNanoUsd),
  };
}

function ownUsage(shown: ShownUsage): JsonObject {
  return {
    prompt_tokens: shown.inputTokens,
    completion_tokens: shown.outputTokens,
    total_tokens: shown.inputTokens + shown.outputTokens,
    prompt_tokens_details: { cached_tokens: shown.cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: shown.reasoningTokens },
  };
}
