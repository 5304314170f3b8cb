import type { JsonObject } from "../../endpoints/inference-request.ts";
import type { AnswerPart } from "../../translate/answer-part.ts";

/** A part as the delta of a chat chunk. Signatures travel in `reasoning_details`, OpenRouter's shape. */
export function deltaOf(part: AnswerPart): JsonObject {
  switch (part.type) {
    case "text":
      return { content: part.text };
    case "refusal":
      return { refusal: part.text };
    case "reasoning":
      return { reasoning_content: part.text, reasoning_details: [reasoningDetail(part)] };
    case "signature":
    case "encrypted":
      return { reasoning_details: [reasoningDetail(part)] };
    case "tool_call":
      return {
        tool_calls: [
          { index: part.index, id: part.id, type: "function", function: { name: part.name, arguments: "" } },
        ],
      };
    case "tool_arguments":
      return { tool_calls: [{ index: part.index, function: { arguments: part.text } }] };
  }
}

type ReasoningPart = Extract<AnswerPart, { type: "reasoning" | "signature" | "encrypted" }>;

/** https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks */
export function reasoningDetail(part: ReasoningPart): JsonObject {
  const { index, format } = part;
  switch (part.type) {
    case "reasoning":
      return { type: "reasoning.text", text: part.text, format, index };
    case "signature":
      return { type: "reasoning.text", signature: part.signature, format, index };
    case "encrypted":
      return {
        type: "reasoning.encrypted",
        data: part.data,
        format,
        index,
        ...(part.callId === null ? {} : { id: part.callId }),
      };
  }
}
