import { formatUsd } from "@aggregator/money/usd-decimal";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import type { ShownUsage } from "../adapter.ts";

/** Chat and the older endpoints count `prompt_tokens`, responses `input_tokens`. */
export type UsageNames = "prompt" | "input";

/** The usage object for the client: the provider's own (or ours, when it reported none) plus what the request cost. */
export function showUsage(reported: unknown, shown: ShownUsage, names: UsageNames): JsonObject {
  return { ...(isObject(reported) ? reported : ownUsage(shown, names)), ...showCost(shown) };
}

/** What every `usage` object gains. */
export function showCost(shown: ShownUsage): JsonObject {
  return { cost_nano_usd: shown.priceNanoUsd, cost: formatUsd(shown.priceNanoUsd) };
}

function ownUsage(shown: ShownUsage, names: UsageNames): JsonObject {
  const { inputTokens, outputTokens } = shown;
  const total = { total_tokens: inputTokens + outputTokens };
  const written = shown.cacheWriteTokens === 0 ? {} : { cache_write_tokens: shown.cacheWriteTokens };
  const cached = { cached_tokens: shown.cachedInputTokens, ...written };
  const reasoning = { reasoning_tokens: shown.reasoningTokens };
  return names === "prompt"
    ? {
        prompt_tokens: inputTokens,
        completion_tokens: outputTokens,
        ...total,
        prompt_tokens_details: cached,
        completion_tokens_details: reasoning,
      }
    : {
        input_tokens: inputTokens,
        input_tokens_details: cached,
        output_tokens: outputTokens,
        output_tokens_details: reasoning,
        ...total,
      };
}
