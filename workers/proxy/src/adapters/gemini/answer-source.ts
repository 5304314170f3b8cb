import { newId } from "@aggregator/runtime/new-id";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import type { SseFrame } from "../../sse/sse-splitter.ts";
import { NO_PARTS, type AnswerPart, type SourceReading, type WholeAnswer } from "../../translate/answer-part.ts";
import { numberOf, objectsOf, stringOf } from "../../translate/chat-fields.ts";
import type { AnswerSource } from "../../translate/wires.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { mapFinish } from "./map-finish.ts";
import { readUsage } from "./read-usage.ts";

const FORMAT = "google-gemini-v1";

/** A whole answer of Gemini's wire; null when it is none. */
export function readWhole(value: unknown): WholeAnswer | null {
  if (!isObject(value) || !isAnswer(value)) return null;
  const reading = new AnswerParts().read(value);
  return { parts: reading.parts, finish: reading.finish ?? "stop", usage: reading.usage };
}

/** Gemini streams whole answers one after the other, each with what is new, and simply ends. */
export class GeminiSource implements AnswerSource {
  readonly #parts = new AnswerParts();

  read(frame: SseFrame): SourceReading {
    if (frame.data === null) return NO_PARTS;
    const value = parseOrUndefined(frame.data);
    if (!isObject(value)) return { kind: "malformed" };
    if (isObject(value["error"])) return { kind: "error", status: numberOf(value["error"]["code"]) };
    return isAnswer(value) ? { kind: "parts", ...this.#parts.read(value) } : { kind: "malformed" };
  }
}

function isAnswer(value: JsonObject): boolean {
  return isArray(value["candidates"]) || isObject(value["promptFeedback"]) || isObject(value["usageMetadata"]);
}

/** Reads answers in turn; remembers how many calls there were. */
class AnswerParts {
  #calls = 0;
  #thoughts = 0;

  read(value: JsonObject): WholeAnswerReading {
    const candidate = objectsOf(value["candidates"])[0];
    const content = candidate?.["content"];
    const parts = isObject(content) ? objectsOf(content["parts"]).flatMap((part) => this.#partsOf(part)) : [];
    const isBlocked = isObject(value["promptFeedback"]) && typeof value["promptFeedback"]["blockReason"] === "string";
    const finish = isBlocked ? "content_filter" : mapFinish(candidate?.["finishReason"], this.#calls > 0);
    return { parts, finish, usage: readUsage(value["usageMetadata"]) };
  }

  #partsOf(part: JsonObject): AnswerPart[] {
    const call = part["functionCall"];
    const signature = stringOf(part["thoughtSignature"]);
    if (isObject(call)) return this.#callParts(call, signature);
    const text = stringOf(part["text"]) ?? "";
    const said: AnswerPart[] = [];
    if (text !== "" && part["thought"] === true) said.push({ type: "reasoning", index: 0, text, format: FORMAT });
    else if (text !== "") said.push({ type: "text", text });
    return signature === null ? said : [...said, this.#signed(signature, null)];
  }

  #callParts(call: JsonObject, signature: string | null): AnswerPart[] {
    const index = this.#calls;
    this.#calls += 1;
    const id = stringOf(call["id"]) ?? `call_${newId().replaceAll("-", "")}`;
    return [
      ...(signature === null ? [] : [this.#signed(signature, id)]),
      { type: "tool_call", index, id, name: stringOf(call["name"]) ?? "" },
      { type: "tool_arguments", index, text: JSON.stringify(isObject(call["args"]) ? call["args"] : {}) },
    ];
  }

  #signed(data: string, callId: string | null): AnswerPart {
    this.#thoughts += 1;
    return { type: "encrypted", index: this.#thoughts, data, format: FORMAT, callId };
  }
}

type WholeAnswerReading = Omit<Extract<SourceReading, { kind: "parts" }>, "kind">;
