import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import type { ReportedCounts } from "../../meter/reported-counts.ts";

/**
 * Usage of Anthropic's wire; null when there is none. Its `input_tokens` leave out what was read from or
 * written to the cache; writes are split by lifetime where `cache_creation` says so.
 * https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching#tracking-cache-performance
 */
export function readUsage(value: unknown): ReportedCounts | null {
  if (!isObject(value)) return null;
  const read = value["cache_read_input_tokens"];
  const written = value["cache_creation_input_tokens"];
  const lifetimes = value["cache_creation"];
  const details = value["output_tokens_details"];
  return {
    input: sum(value["input_tokens"], read, written),
    cachedInput: read,
    ...(isObject(lifetimes)
      ? {
          cacheWrite5m: lifetimes["ephemeral_5m_input_tokens"],
          cacheWrite1h: lifetimes["ephemeral_1h_input_tokens"],
        }
      : { cacheWrite: written }),
    output: value["output_tokens"],
    reasoning: isObject(details) ? details["thinking_tokens"] : undefined,
  };
}

/** What the start of a stream tells: the input for certain, of the output nothing yet. */
export function readOpeningUsage(value: JsonObject): ReportedCounts | null {
  const counts = readUsage(value);
  return counts === null || counts.input === undefined ? null : { ...counts, output: undefined, reasoning: undefined };
}

/** Absent parts count nothing; anything that is no number makes the sum unbelievable. */
function sum(...parts: readonly unknown[]): unknown {
  let total = 0;
  for (const part of parts) {
    if (part === undefined || part === null) continue;
    if (typeof part !== "number" || part < 0) return part;
    total += part;
  }
  return parts[0] === undefined || parts[0] === null ? undefined : total;
}
