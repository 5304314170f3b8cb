import { isObject } from "../../endpoints/read-field.ts";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import type { ReportedCounts } from "../../meter/reported-counts.ts";

const NONE: JsonObject = {};

/**
 * Usage of the OpenAI wire, chat names (`prompt_tokens`) and responses names (`input_tokens`) alike;
 * null when there is none. Cached, written and audio tokens are shares of the prompt, reasoning a share
 * of the completion; DeepSeek's `prompt_cache_hit_tokens` is its name for cached ones.
 */
export function readUsage(value: unknown): ReportedCounts | null {
  if (!isObject(value)) return null;
  const prompt = objectOr(value["prompt_tokens_details"] ?? value["input_tokens_details"]);
  const completion = objectOr(value["completion_tokens_details"] ?? value["output_tokens_details"]);
  const input = value["prompt_tokens"] ?? value["input_tokens"];
  return {
    input,
    cachedInput: prompt["cached_tokens"] ?? value["prompt_cache_hit_tokens"],
    cacheWrite: prompt["cache_write_tokens"],
    inputAudio: prompt["audio_tokens"],
    inputImage: prompt["image_tokens"],
    output: outputOf(value, input, completion["reasoning_tokens"]),
    reasoning: completion["reasoning_tokens"],
    outputAudio: completion["audio_tokens"],
  };
}

/** xAI counts reasoning beside the completion, not inside it; the total tells. */
function outputOf(value: JsonObject, input: unknown, reasoning: unknown): unknown {
  const output = value["completion_tokens"] ?? value["output_tokens"];
  const total = value["total_tokens"];
  if (typeof output !== "number" || typeof reasoning !== "number" || typeof input !== "number") return output;
  const isBeside = reasoning > 0 && total === input + output + reasoning;
  return isBeside ? output + reasoning : output;
}

function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : NONE;
}
