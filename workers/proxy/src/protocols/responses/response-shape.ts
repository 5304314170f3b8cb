import type { ShownUsage } from "../../adapters/adapter.ts";
import { showUsage } from "../../adapters/openai/show-usage.ts";
import type { InferenceRequest, JsonObject } from "../../endpoints/inference-request.ts";
import type { AnswerHead, AnswerPart, FinishReason } from "../../translate/answer-part.ts";
import { textOf, toolCallsOf, type CollectedCall } from "../chat/collect-message.ts";

/** A response object of OpenAI's wire; `output` and `usage` are null while it is under way. */
export function responseOf(
  head: AnswerHead,
  finish: FinishReason | null,
  output: readonly JsonObject[],
  usage: ShownUsage | null,
): JsonObject {
  const isCut = finish === "length" || finish === "content_filter";
  const reason = finish === "length" ? "max_output_tokens" : "content_filter";
  return {
    id: `resp_${head.id}`,
    object: "response",
    created_at: head.createdSeconds,
    status: finish === null ? "in_progress" : isCut ? "incomplete" : "completed",
    error: null,
    incomplete_details: isCut ? { reason } : null,
    model: head.model,
    output,
    usage: usage === null ? null : showUsage(null, usage, "input"),
  };
}

/** Items of a whole answer: thoughts, the message, calls. */
export function outputOf(parts: readonly AnswerPart[], head: AnswerHead): readonly JsonObject[] {
  const reasoning = textOf(parts, "reasoning");
  const text = textOf(parts, "text");
  const refusal = textOf(parts, "refusal");
  return [
    ...(reasoning === "" ? [] : [reasoningItem(head, reasoning)]),
    ...(text === "" && refusal === "" ? [] : [messageItem(head, text, refusal)]),
    ...toolCallsOf(parts).map(callItem),
  ];
}

export function reasoningItem(head: AnswerHead, text: string): JsonObject {
  return { id: `rs_${head.id}`, type: "reasoning", summary: [{ type: "summary_text", text }] };
}

export function messageItem(head: AnswerHead, text: string, refusal = ""): JsonObject {
  const content = [
    ...(text === "" && refusal !== "" ? [] : [textPart(text)]),
    ...(refusal === "" ? [] : [{ type: "refusal", refusal }]),
  ];
  return { id: `msg_${head.id}`, type: "message", status: "completed", role: "assistant", content };
}

export function textPart(text: string): JsonObject {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

export function callItem(call: CollectedCall): JsonObject {
  return {
    id: `fc_${call.id}`,
    type: "function_call",
    status: "completed",
    call_id: call.id,
    name: call.name,
    arguments: call.argumentsText === "" ? "{}" : call.argumentsText,
  };
}

/** The client may keep the request's own settings beside the answer. */
export function echoOf(request: InferenceRequest): JsonObject {
  const { instructions, metadata, tools, tool_choice: choice, temperature, top_p: topP } = request.body;
  return {
    instructions: instructions ?? null,
    metadata: metadata ?? {},
    tools: tools ?? [],
    tool_choice: choice ?? "auto",
    parallel_tool_calls: request.body["parallel_tool_calls"] ?? true,
    temperature: temperature ?? null,
    top_p: topP ?? null,
  };
}
