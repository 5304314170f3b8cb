import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import type { AnswerPart, WholeAnswer } from "../../translate/answer-part.ts";
import { objectsOf, stringOf } from "../../translate/chat-fields.ts";
import { mapStopReason } from "./map-stop-reason.ts";
import { readUsage } from "./read-usage.ts";

/** A message of Anthropic's wire as parts; null when it is none. */
export function readWhole(value: unknown): WholeAnswer | null {
  if (!isObject(value) || !isArray(value["content"])) return null;
  const parts = objectsOf(value["content"]).flatMap((block, index) => partsOfBlock(block, index));
  return {
    parts: [...parts, ...refusalParts(value["stop_details"])],
    finish: mapStopReason(value["stop_reason"]) ?? "stop",
    usage: readUsage(value["usage"]),
  };
}

/** Why the vendor's safety rules stopped an answer, where it says so. */
export function refusalParts(details: unknown): AnswerPart[] {
  const explanation = isObject(details) && details["type"] === "refusal" ? stringOf(details["explanation"]) : null;
  return explanation === null || explanation === "" ? [] : [{ type: "refusal", text: explanation }];
}

/** What a content block says when it is whole, or when it opens in a stream. */
export function partsOfBlock(block: JsonObject, index: number): AnswerPart[] {
  const format = "anthropic-claude-v1";
  switch (block["type"]) {
    case "text":
      return textPart(block["text"]);
    case "thinking": {
      const text = stringOf(block["thinking"]) ?? "";
      const signature = stringOf(block["signature"]) ?? "";
      return [
        ...(text === "" ? [] : [{ type: "reasoning" as const, index, text, format } as const]),
        ...(signature === "" ? [] : [{ type: "signature" as const, index, signature, format } as const]),
      ];
    }
    case "redacted_thinking":
      return [{ type: "encrypted", index, data: stringOf(block["data"]) ?? "", format, callId: null }];
    case "tool_use": {
      const input =
        isObject(block["input"]) && Object.keys(block["input"]).length > 0 ? JSON.stringify(block["input"]) : "";
      return [
        { type: "tool_call", index, id: stringOf(block["id"]) ?? "", name: stringOf(block["name"]) ?? "" },
        ...(input === "" ? [] : [{ type: "tool_arguments" as const, index, text: input }]),
      ];
    }
    default:
      // Blocks of server-side tools have no place on the other wires.
      return [];
  }
}

function textPart(value: unknown): AnswerPart[] {
  const text = stringOf(value) ?? "";
  return text === "" ? [] : [{ type: "text", text }];
}
