import { locateMembers } from "@aggregator/runtime/parse-json";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import type { SseFrame } from "../../sse/sse-splitter.ts";
import { NO_PARTS, type AnswerPart, type FinishReason, type SourceReading } from "../../translate/answer-part.ts";
import { numberOf, objectsOf, stringOf } from "../../translate/chat-fields.ts";
import type { AnswerSource, ProviderWire } from "../../translate/wires.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { buildRequest } from "./build-request.ts";
import { readErrorStatus } from "./read-error-status.ts";
import { readRefusal } from "./read-refusal.ts";
import { readUsage } from "./read-usage.ts";

/** OpenAI's chat wire for clients of another. */
export const openAiChatWire: ProviderWire = {
  buildRequest(chat, request, endpoint) {
    const text = JSON.stringify(chat);
    const outputLimit = request.outputLimit === null ? null : { ...request.outputLimit, fields: ["max_tokens"] };
    const asChat = {
      ...request,
      protocol: "openai-chat" as const,
      text,
      members: locateMembers(text),
      body: chat,
      outputLimit,
    };
    return buildRequest("chat/completions", asChat, endpoint);
  },
  readWhole(value) {
    if (!isObject(value) || !isArray(value["choices"])) return null;
    const choice = objectsOf(value["choices"])[0];
    const message = choice?.["message"];
    if (!isObject(message)) return null;
    return {
      parts: new DeltaReader().partsOf(message),
      finish: finishOf(choice?.["finish_reason"]) ?? "stop",
      usage: readUsage(value["usage"]),
    };
  },
  openSource: () => new ChatSource(),
  readRefusal,
};

class ChatSource implements AnswerSource {
  readonly #deltas = new DeltaReader();

  read(frame: SseFrame): SourceReading {
    if (frame.data === null) return NO_PARTS;
    if (frame.data === "[DONE]") return { kind: "done" };
    const chunk = parseOrUndefined(frame.data);
    if (!isObject(chunk)) return { kind: "malformed" };
    const { error, choices } = chunk;
    if (error !== undefined && error !== null) return { kind: "error", status: readErrorStatus(error) };
    if (!isArray(choices)) return { kind: "malformed" };
    const choice = objectsOf(choices)[0];
    return {
      kind: "parts",
      parts: isObject(choice?.["delta"]) ? this.#deltas.partsOf(choice["delta"]) : [],
      finish: finishOf(choice?.["finish_reason"]),
      usage: readUsage(chunk["usage"]),
    };
  }
}

/** Messages and deltas as parts; remembers which calls are open. */
class DeltaReader {
  readonly #opened = new Set<number>();

  partsOf(delta: JsonObject): AnswerPart[] {
    const parts: AnswerPart[] = [];
    const reasoning = stringOf(delta["reasoning_content"] ?? delta["reasoning"]) ?? "";
    if (reasoning !== "") parts.push({ type: "reasoning", index: 0, text: reasoning, format: "unknown" });
    const text = stringOf(delta["content"]) ?? "";
    if (text !== "") parts.push({ type: "text", text });
    const refusal = stringOf(delta["refusal"]) ?? "";
    if (refusal !== "") parts.push({ type: "refusal", text: refusal });
    for (const [position, call] of objectsOf(delta["tool_calls"]).entries())
      parts.push(...this.#callParts(call, position));
    return parts;
  }

  #callParts(call: JsonObject, position: number): AnswerPart[] {
    const index = numberOf(call["index"]) ?? position;
    const called = isObject(call["function"]) ? call["function"] : {};
    const text = stringOf(called["arguments"]) ?? "";
    const args: AnswerPart[] = text === "" ? [] : [{ type: "tool_arguments", index, text }];
    if (this.#opened.has(index)) return args;
    this.#opened.add(index);
    const id = stringOf(call["id"]) ?? `call_${index}`;
    return [{ type: "tool_call", index, id, name: stringOf(called["name"]) ?? "" }, ...args];
  }
}

/** OpenAI's finish reason; `stop` for one that is not known, null for none. */
function finishOf(reason: unknown): FinishReason | null {
  switch (reason) {
    case undefined:
    case null:
      return null;
    case "length":
    case "tool_calls":
    case "content_filter":
      return reason;
    case "function_call":
      return "tool_calls";
    default:
      return "stop";
  }
}
