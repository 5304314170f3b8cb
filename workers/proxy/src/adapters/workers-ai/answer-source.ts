import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import type { SseFrame } from "../../sse/sse-splitter.ts";
import { NO_PARTS, type SourceReading, type WholeAnswer } from "../../translate/answer-part.ts";
import { numberOf, objectsOf, stringOf } from "../../translate/chat-fields.ts";
import type { AnswerSource } from "../../translate/wires.ts";
import { DeltaReader, openAiChatWire } from "../openai/chat-wire.ts";
import { readErrorStatus } from "../openai/read-error-status.ts";
import { readUsage } from "../openai/read-usage.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";

/**
 * A whole answer; null when it is none. Newer models answer in OpenAI's shape, older ones in their own:
 * `response`, `tool_calls` and `usage` at the top.
 */
export function readWhole(value: unknown): WholeAnswer | null {
  if (!isObject(value)) return null;
  if (isArray(value["choices"])) return openAiChatWire.readWhole(value);
  if (!isOwn(value)) return null;
  const calls = new CallNumbers();
  const parts = new DeltaReader().partsOf(calls.deltaOf(value));
  return { parts, finish: calls.finish, usage: readUsage(value["usage"]) };
}

/** A stream of either shape; which one, each event tells. */
export class WorkersAiSource implements AnswerSource {
  readonly #openAi = openAiChatWire.openSource();
  readonly #deltas = new DeltaReader();
  readonly #calls = new CallNumbers();

  read(frame: SseFrame): SourceReading {
    if (frame.data === null) return NO_PARTS;
    if (frame.data === "[DONE]") return { kind: "done" };
    const value = parseOrUndefined(frame.data);
    if (!isObject(value)) return { kind: "malformed" };
    if (isArray(value["choices"])) return this.#openAi.read(frame);
    const error = value["error"] ?? objectsOf(value["errors"])[0];
    if (error !== undefined && error !== null) return { kind: "error", status: readErrorStatus(error) };
    if (!isOwn(value)) return { kind: "malformed" };
    const parts = this.#deltas.partsOf(this.#calls.deltaOf(value));
    const usage = readUsage(value["usage"]);
    // The last event brings the usage and nothing else; a reason is never told.
    return { kind: "parts", parts, usage, finish: usage !== null && parts.length === 0 ? this.#calls.finish : null };
  }
}

function isOwn(value: JsonObject): boolean {
  return value["response"] !== undefined || isArray(value["tool_calls"]) || isObject(value["usage"]);
}

/** Numbers the calls of tools, which come flat and complete or as OpenAI's, with their own numbers. */
class CallNumbers {
  #count = 0;

  get finish(): "tool_calls" | "stop" {
    return this.#count > 0 ? "tool_calls" : "stop";
  }

  /** An answer or event of the older shape as OpenAI's delta. */
  deltaOf({ response, tool_calls: calls }: JsonObject): JsonObject {
    return { content: textOf(response), tool_calls: objectsOf(calls).map((call) => this.#numbered(call)) };
  }

  #numbered(call: JsonObject): JsonObject {
    const index = numberOf(call["index"]) ?? this.#count;
    this.#count = Math.max(this.#count, index + 1);
    const called = isObject(call["function"]) ? call["function"] : call;
    const { name, arguments: args } = called;
    return {
      index,
      id: stringOf(call["id"]) ?? `call_${index}_${stringOf(name) ?? ""}`,
      function: { name, arguments: typeof args === "string" ? args : args === undefined ? "" : JSON.stringify(args) },
    };
  }
}

/** JSON mode gives the object itself, and a number is said as one. */
function textOf(response: unknown): string {
  if (typeof response === "string") return response;
  return response === undefined || response === null ? "" : JSON.stringify(response);
}
