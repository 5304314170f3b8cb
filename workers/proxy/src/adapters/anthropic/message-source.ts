import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import type { SseFrame } from "../../sse/sse-splitter.ts";
import { NO_PARTS, type AnswerPart, type SourceReading } from "../../translate/answer-part.ts";
import { numberOf, stringOf } from "../../translate/chat-fields.ts";
import type { AnswerSource } from "../../translate/wires.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { errorStatusOf } from "./error-status.ts";
import { mapStopReason } from "./map-stop-reason.ts";
import { partsOfBlock, refusalParts } from "./read-whole.ts";
import { readOpeningUsage, readUsage } from "./read-usage.ts";

/** Events of an Anthropic stream as parts. https://docs.anthropic.com/en/docs/build-with-claude/streaming */
export class MessageSource implements AnswerSource {
  /** Usage so far: the start tells the input, each delta the output. */
  #usage: JsonObject = {};
  /** Tool calls are numbered by themselves on the other wires. */
  readonly #callOfBlock = new Map<number, number>();

  read(frame: SseFrame): SourceReading {
    if (frame.data === null) return NO_PARTS;
    const event = parseOrUndefined(frame.data);
    if (!isObject(event)) return { kind: "malformed" };
    switch (event["type"]) {
      case "message_start":
        return this.#start(event["message"]);
      case "content_block_start":
        return this.#openBlock(event);
      case "content_block_delta":
        return parts(this.#deltaParts(event));
      case "message_delta":
        return this.#end(event);
      case "message_stop":
        return { kind: "done" };
      case "error":
        return { kind: "error", status: errorStatusOf(event["error"]) };
      default:
        return typeof event["type"] === "string" ? NO_PARTS : { kind: "malformed" };
    }
  }

  #start(message: unknown): SourceReading {
    if (!isObject(message)) return { kind: "malformed" };
    if (isObject(message["usage"])) this.#usage = message["usage"];
    return { kind: "parts", parts: [], finish: null, usage: readOpeningUsage(this.#usage) };
  }

  #openBlock(event: JsonObject): SourceReading {
    const block = event["content_block"];
    const index = numberOf(event["index"]) ?? 0;
    if (!isObject(block)) return { kind: "malformed" };
    if (block["type"] !== "tool_use") return parts(partsOfBlock(block, index));
    const call = this.#callOfBlock.size;
    this.#callOfBlock.set(index, call);
    return parts(partsOfBlock(block, call));
  }

  #deltaParts(event: JsonObject): AnswerPart[] {
    const index = numberOf(event["index"]) ?? 0;
    const delta = isObject(event["delta"]) ? event["delta"] : {};
    switch (delta["type"]) {
      case "text_delta":
        return partsOfBlock({ type: "text", text: delta["text"] }, index);
      case "thinking_delta":
        return partsOfBlock({ type: "thinking", thinking: delta["thinking"] }, index);
      case "signature_delta":
        return partsOfBlock({ type: "thinking", signature: delta["signature"] }, index);
      case "input_json_delta": {
        const call = this.#callOfBlock.get(index);
        const text = stringOf(delta["partial_json"]) ?? "";
        return call === undefined || text === "" ? [] : [{ type: "tool_arguments", index: call, text }];
      }
      default:
        return [];
    }
  }

  #end(event: JsonObject): SourceReading {
    const delta = isObject(event["delta"]) ? event["delta"] : {};
    this.#usage = mergeUsage(this.#usage, event["usage"]);
    return {
      kind: "parts",
      parts: refusalParts(delta["stop_details"]),
      finish: mapStopReason(delta["stop_reason"]),
      usage: readUsage(this.#usage),
    };
  }
}

/** A later report over an earlier one; null there means "unchanged". */
export function mergeUsage(earlier: JsonObject, later: unknown): JsonObject {
  if (!isObject(later)) return earlier;
  return { ...earlier, ...Object.fromEntries(Object.entries(later).filter(([, value]) => value !== null)) };
}

function parts(list: readonly AnswerPart[]): SourceReading {
  return list.length === 0 ? NO_PARTS : { kind: "parts", parts: list, finish: null, usage: null };
}
