import type { Piece } from "./pieces.ts";
import type { Scenario } from "./scenario.ts";

export interface Counts {
  readonly prompt: number;
  readonly cached: number;
  readonly completion: number;
  readonly reasoning: number;
}

/** Exact counts of an answer: the prompt by the token rule, the output by its pieces in every choice. */
export function countUsage(prompt: number, pieces: readonly Piece[], choices: number, scenario: Scenario): Counts {
  return {
    prompt,
    cached: Math.min(scenario.cached_tokens ?? 0, prompt),
    completion: pieces.length * choices,
    reasoning: pieces.filter(({ kind }) => kind === "reasoning").length * choices,
  };
}

/** `usage` of the chat wire; what the scenario wants reported in its place. */
export function chatUsage(counts: Counts, scenario: Scenario): unknown {
  return (
    scenario.usage ?? {
      prompt_tokens: counts.prompt,
      completion_tokens: counts.completion,
      total_tokens: counts.prompt + counts.completion,
      prompt_tokens_details: { cached_tokens: counts.cached, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: counts.reasoning, audio_tokens: 0 },
    }
  );
}

/** `usage` of the responses wire. */
export function responsesUsage(counts: Counts, scenario: Scenario): unknown {
  return (
    scenario.usage ?? {
      input_tokens: counts.prompt,
      input_tokens_details: { cached_tokens: counts.cached },
      output_tokens: counts.completion,
      output_tokens_details: { reasoning_tokens: counts.reasoning },
      total_tokens: counts.prompt + counts.completion,
    }
  );
}
