import { locateMembers } from "@aggregator/runtime/parse-json";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import type { SseFrame } from "../../sse/sse-splitter.ts";
import {
  NO_PARTS,
  type AnswerPart,
  type FinishReason,
  type ReasoningFormat,
  type SourceReading,
} from "../../translate/answer-part.ts";
import { numberOf, objectsOf, stringOf } from "../../translate/chat-fields.ts";
import type { AnswerSource, ProviderWire } from "../../translate/wires.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { buildRequest } from "./build-request.ts";
import { fitChat } from "./fit-chat.ts";
import { readErrorStatus } from "./read-error-status.ts";
import { readFailure } from "./read-failure.ts";
import { readRefusal } from "./read-refusal.ts";
import { readUsage } from "./read-usage.ts";

/** OpenAI's chat wire for clients of another. */
export const openAiChatWire: ProviderWire = {
  buildRequest(chat, request, endpoint) {
    const body = fitChat(chat, endpoint.kind);
    const text = JSON.stringify(body);
    const fields = ["max_tokens", "max_completion_tokens"].filter((name) => body[name] !== undefined);
    return buildRequest(
      "chat/completions",
      {
        ...request,
        protocol: "openai-chat",
        text,
        members: locateMembers(text),
        body,
        outputLimit: request.outputLimit === null ? null : { ...request.outputLimit, fields },
      },
      endpoint,
    );
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
  readFailure,
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
export class DeltaReader {
  readonly #opened = new Set<number>();

  partsOf(delta: JsonObject): AnswerPart[] {
    const parts: AnswerPart[] = [];
    const details = objectsOf(delta["reasoning_details"]);
    const reasoning = stringOf(delta["reasoning_content"] ?? delta["reasoning"]) ?? textOfDetails(details);
    if (reasoning !== "") parts.push({ type: "reasoning", index: 0, text: reasoning, format: formatOf(details[0]) });
    parts.push(...details.flatMap(signedParts));
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

/** Where a server says its thoughts in details only (OpenRouter's shape). */
function textOfDetails(details: readonly JsonObject[]): string {
  return details.map((detail) => stringOf(detail["text"] ?? detail["summary"]) ?? "").join("");
}

/** Signatures and encrypted thoughts, to be given back with the next turn. */
function signedParts(detail: JsonObject): AnswerPart[] {
  const index = numberOf(detail["index"]) ?? 0;
  const format = formatOf(detail);
  const signature = stringOf(detail["signature"]);
  if (signature !== null) return [{ type: "signature", index, signature, format }];
  const data = detail["type"] === "reasoning.encrypted" ? stringOf(detail["data"]) : null;
  return data === null ? [] : [{ type: "encrypted", index, data, format, callId: stringOf(detail["id"]) }];
}

function formatOf(detail: JsonObject | undefined): ReasoningFormat {
  const format = detail?.["format"];
  return format === "anthropic-claude-v1" || format === "google-gemini-v1" ? format : "unknown";
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
