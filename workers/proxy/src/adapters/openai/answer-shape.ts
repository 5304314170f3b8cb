import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import { utf8Length, type ProducedText } from "../../meter/text-size.ts";
import { measureMessage } from "./measure-choices.ts";

/** What a complete answer of one endpoint looks like, as far as we look. */
export interface AnswerShape {
  isAnswer(value: JsonObject): boolean;
  finishReason(value: JsonObject): string | null;
  /** What was produced, for where no usage is reported. */
  produced(value: JsonObject): ProducedText;
}

const NOTHING_PRODUCED: ProducedText = { bytes: 0, pieces: 0 };

export const chatShape: AnswerShape = {
  isAnswer: (value) => isArray(value["choices"]),
  finishReason: finishOfFirstChoice,
  produced: (value) => sumOf(value["choices"], (choice) => measureMessage(choice["message"])),
};

export const completionShape: AnswerShape = {
  isAnswer: (value) => isArray(value["choices"]),
  finishReason: finishOfFirstChoice,
  produced: (value) => sumOf(value["choices"], (choice) => textLength(choice["text"])),
};

export const responseShape: AnswerShape = {
  isAnswer: (value) => isArray(value["output"]),
  finishReason: (value) => stringOrNull(value["status"]),
  produced: (value) => sumOf(value["output"], measureOutputItem),
};

/** Embeddings, moderation, rerank: a list of results, nothing generated. */
export function listShape(member: string): AnswerShape {
  return {
    isAnswer: (value) => isArray(value[member]),
    finishReason: () => null,
    produced: () => NOTHING_PRODUCED,
  };
}

/** UTF-8 bytes that the model produced in one output item of the responses wire. */
export function measureOutputItem(item: JsonObject): number {
  const parts = [...listOf(item["content"]), ...listOf(item["summary"])];
  const texts = parts.reduce((sum, part) => sum + textLength(part["text"]) + textLength(part["refusal"]), 0);
  return texts + textLength(item["arguments"]) + textLength(item["name"]) + textLength(item["input"]);
}

function finishOfFirstChoice(value: JsonObject): string | null {
  return stringOrNull(listOf(value["choices"])[0]?.["finish_reason"]);
}

function sumOf(list: unknown, measure: (item: JsonObject) => number): ProducedText {
  const items = listOf(list);
  return { bytes: items.reduce((sum, item) => sum + measure(item), 0), pieces: items.length };
}

function listOf(value: unknown): readonly JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}

function textLength(value: unknown): number {
  return typeof value === "string" ? utf8Length(value) : 0;
}

function stringOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
