import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import { utf8Length, type ProducedText } from "../../meter/text-size.ts";
import type { ReportedCounts } from "../../meter/reported-counts.ts";
import { measureMessage } from "./measure-choices.ts";
import { readUsage } from "./read-usage.ts";

/** What a complete answer of one endpoint looks like, as far as we look. */
export interface AnswerShape {
  isAnswer(value: JsonObject): boolean;
  finishReason(value: JsonObject): string | null;
  /** Usage, where it is more than the `usage` member. */
  counts?(value: JsonObject): ReportedCounts | null;
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

/** Pictures: counted by the piece, and by tokens where those are reported. */
export const imagesShape: AnswerShape = {
  ...listShape("data"),
  counts: (value) => imageCounts(value["usage"], listOf(value["data"]).length),
};

export function imageCounts(usage: unknown, images: number): ReportedCounts {
  return { ...(readUsage(usage) ?? { input: undefined, output: undefined }), images };
}

/** Jina counts all tokens in one number, Cohere apart from the usage. */
export const rerankShape: AnswerShape = {
  ...listShape("results"),
  counts(value) {
    const usage = isObject(value["usage"]) ? value["usage"] : {};
    const meta = isObject(value["meta"]) && isObject(value["meta"]["tokens"]) ? value["meta"]["tokens"] : {};
    const input = usage["prompt_tokens"] ?? usage["input_tokens"] ?? usage["total_tokens"] ?? meta["input_tokens"];
    return input === undefined ? null : { input, output: 0 };
  },
};

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
