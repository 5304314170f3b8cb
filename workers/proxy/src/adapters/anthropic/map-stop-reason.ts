import type { StopReason } from "@anthropic-ai/sdk/resources/messages/messages";
import type { FinishReason } from "../../translate/answer-part.ts";

const FINISH: Readonly<Record<StopReason, FinishReason>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  pause_turn: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

/** Anthropic's stop reason in OpenAI's words; null for none, `stop` for one that is newer than this. */
export function mapStopReason(reason: unknown): FinishReason | null {
  if (typeof reason !== "string") return null;
  const known: Readonly<Record<string, FinishReason>> = FINISH;
  return known[reason] ?? "stop";
}
