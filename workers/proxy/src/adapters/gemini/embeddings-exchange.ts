import { ok } from "@aggregator/contracts/result";
import type { InferenceRequest } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import { numberOf, objectsOf } from "../../translate/chat-fields.ts";
import { refusalOf } from "../../translate/refuse-field.ts";
import type { AnswerReading, Exchange } from "../adapter.ts";
import { embeddingsAnswer, textsOf } from "../embeddings.ts";
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
  const vectors = objectsOf(value["embeddings"]).map((item) => item["values"]);
  return embeddingsAnswer(vectors, readUsage(value["usageMetadata"]), request);
}
