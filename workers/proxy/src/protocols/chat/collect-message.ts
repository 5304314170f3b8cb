import type { JsonObject } from "../../endpoints/inference-request.ts";
import type { AnswerPart } from "../../translate/answer-part.ts";
import { reasoningDetail } from "./delta-of.ts";

/** Parts of a whole answer as one chat message. */
export function collectMessage(parts: readonly AnswerPart[]): JsonObject {
  const text = textOf(parts, "text");
  const refusal = textOf(parts, "refusal");
  const reasoning = textOf(parts, "reasoning");
  const calls = collectCalls(parts);
  const details = collectDetails(parts);
  return {
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    refusal: refusal === "" ? null : refusal,
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/** All text of one kind, joined. */
export function textOf(parts: readonly AnswerPart[], type: "text" | "refusal" | "reasoning"): string {
  return parts.reduce((text, part) => (part.type === type ? text + part.text : text), "");
}

export interface CollectedCall {
  readonly id: string;
  readonly name: string;
  readonly argumentsText: string;
}

/** Tool calls with their arguments put together, in order. */
export function toolCallsOf(parts: readonly AnswerPart[]): readonly CollectedCall[] {
  const calls = new Map<number, { id: string; name: string; argumentsText: string }>();
  for (const part of parts) {
    if (part.type === "tool_call") calls.set(part.index, { id: part.id, name: part.name, argumentsText: "" });
    if (part.type !== "tool_arguments") continue;
    const call = calls.get(part.index);
    if (call !== undefined) call.argumentsText += part.text;
  }
  return [...calls.values()];
}

function collectCalls(parts: readonly AnswerPart[]): readonly JsonObject[] {
  return toolCallsOf(parts).map((call) => ({
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: call.argumentsText === "" ? "{}" : call.argumentsText },
  }));
}

/** A thought and its signature are one detail. */
function collectDetails(parts: readonly AnswerPart[]): readonly JsonObject[] {
  const details = new Map<string, JsonObject>();
  for (const part of parts) {
    if (part.type !== "reasoning" && part.type !== "signature" && part.type !== "encrypted") continue;
    const detail = reasoningDetail(part);
    const key = `${String(detail["type"])} ${part.index}`;
    const known = details.get(key);
    const text = `${typeof known?.["text"] === "string" ? known["text"] : ""}${part.type === "reasoning" ? part.text : ""}`;
    details.set(key, { ...known, ...detail, ...(part.type === "encrypted" ? {} : { text }) });
  }
  return [...details.values()];
}
