import type { StopReason } from "@anthropic-ai/sdk/resources/messages/messages";
import { ownUsage } from "../../adapters/anthropic/messages-exchange.ts";
import type { ShownUsage } from "../../adapters/adapter.ts";
import { showCost } from "../../adapters/openai/show-usage.ts";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import type { AnswerHead, FinishReason } from "../../translate/answer-part.ts";

const STOP_REASONS: Readonly<Record<FinishReason, StopReason>> = {
  stop: "end_turn",
  length: "max_tokens",
  tool_calls: "tool_use",
  content_filter: "refusal",
};

export function stopReasonOf(finish: FinishReason): StopReason {
  return STOP_REASONS[finish];
}

export function messageHead(head: AnswerHead): JsonObject {
  return { id: `msg_${head.id}`, type: "message", role: "assistant", model: head.model };
}

/** The end of a stream: why it stopped and what it used and cost. */
export function messageDelta(finish: FinishReason, usage: ShownUsage): JsonObject {
  return {
    type: "message_delta",
    delta: { stop_reason: stopReasonOf(finish), stop_sequence: null },
    usage: { ...ownUsage(usage), ...showCost(usage) },
  };
}
