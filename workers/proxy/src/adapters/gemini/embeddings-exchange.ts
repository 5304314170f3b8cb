import { ok } from "@aggregator/contracts/result";
import type { InferenceRequest } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import { numberOf, objectsOf, stringOf } from "../../translate/chat-fields.ts";
import { refusalOf } from "../../translate/refuse-field.ts";
import type { AnswerReading, Exchange } from "../adapter.ts";
import { showUsage } from "../openai/show-usage.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { readFailure } from "./read-failure.ts";
import { readRefusal } from "./read-refusal.ts";
import { readUsage } from "./read-usage.ts";
import { geminiHeaders, modelName, modelUrl } from "./upstream.ts";

/** Embeddings of the OpenAI wire by Gemini's batch call. https://ai.google.dev/api/embeddings */
export const embeddingsExchange: Exchange = {
  refuse: ({ body }) =>
    textsOf(body["input"]) === null ? refusalOf("input", "the providers of this model take texts, not tokens.") : null,
  buildRequest(request, endpoint) {
    const model = modelName(endpoint);
    const dimensions = numberOf(request.body["dimensions"]);
    const requests = (textsOf(request.body["input"]) ?? []).map((text) => ({
      model,
      content: { parts: [{ text }] },
      ...(dimensions === null ? {} : { outputDimensionality: dimensions }),
    }));
    return ok({
      url: modelUrl(endpoint, "batchEmbedContents"),
      headers: geminiHeaders(endpoint, "application/json"),
      body: JSON.stringify({ requests }),
    });
  },
  readAnswer,
  openStream() {
    throw new Error("embeddings have no stream");
  },
  readRefusal,
  readFailure,
};

function readAnswer(text: string, request: InferenceRequest): AnswerReading | null {
  const value = parseOrUndefined(text);
  if (!isObject(value) || !isArray(value["embeddings"])) return null;
  const vectors = objectsOf(value["embeddings"]).map((item) => numbersOf(item["values"]));
  if (vectors.some((vector) => vector === null)) return null;
  const encode = request.body["encoding_format"] === "base64" ? base64Of : (vector: readonly number[]) => vector;
  return {
    usage: readUsage(value["usageMetadata"]),
    finishReason: null,
    produced: () => ({ bytes: 0, pieces: 0 }),
    render: (usage) =>
      JSON.stringify({
        object: "list",
        data: vectors.map((vector, index) => ({ object: "embedding", index, embedding: encode(vector ?? []) })),
        model: request.models[0] ?? "",
        usage: showUsage({ prompt_tokens: usage.inputTokens, total_tokens: usage.inputTokens }, usage, "prompt"),
      }),
  };
}

function textsOf(input: unknown): readonly string[] | null {
  if (typeof input === "string") return [input];
  if (!isArray(input)) return null;
  const texts = input.map(stringOf).filter((text) => text !== null);
  return texts.length === input.length ? texts : null;
}

function numbersOf(values: unknown): readonly number[] | null {
  if (!isArray(values)) return null;
  const numbers = values.map(numberOf).filter((number) => number !== null);
  return numbers.length === values.length ? numbers : null;
}

/** Little-endian 32-bit floats, as OpenAI's own client asks for by default. */
function base64Of(vector: readonly number[]): string {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((number, index) => bytes.setFloat32(index * 4, number, true));
  return btoa(String.fromCharCode(...new Uint8Array(bytes.buffer)));
}
