import { ownUsage } from "../../adapters/anthropic/messages-exchange.ts";
import { showCost } from "../../adapters/openai/show-usage.ts";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { argumentsObject, type AnswerPart } from "../../translate/answer-part.ts";
import type { ClientWire } from "../../translate/wires.ts";
import { textOf, toolCallsOf } from "../chat/collect-message.ts";
import { messageHead, stopReasonOf } from "./message-shape.ts";
import { MessageSink } from "./message-sink.ts";
import { toChat } from "./to-chat.ts";

/** A client of Anthropic's Messages wire, served by a provider of another. */
export const messagesClient: ClientWire = {
  toChat,
  renderWhole: (answer, head, usage) => ({
    ...messageHead(head),
    content: contentOf(answer.parts),
    stop_reason: stopReasonOf(answer.finish),
    stop_sequence: null,
    usage: { ...ownUsage(usage), ...showCost(usage) },
  }),
  openSink: (head) => new MessageSink(head),
};

function contentOf(parts: readonly AnswerPart[]): readonly JsonObject[] {
  const thinking = textOf(parts, "reasoning");
  const signature = parts.find((part) => part.type === "signature")?.signature ?? "";
  const text = textOf(parts, "text") + textOf(parts, "refusal");
  const calls = toolCallsOf(parts);
  const encrypted = parts.flatMap((part) =>
    part.type === "encrypted" && part.format === "anthropic-claude-v1" ? [part.data] : [],
  );
  return [
    ...(thinking === "" ? [] : [{ type: "thinking", thinking, signature }]),
    ...encrypted.map((data) => ({ type: "redacted_thinking", data })),
    ...(text === "" ? [] : [{ type: "text", text }]),
    ...calls.map((call) => ({
      type: "tool_use",
      id: call.id,
      name: call.name,
      input: argumentsObject(call.argumentsText) ?? {},
    })),
  ];
}
