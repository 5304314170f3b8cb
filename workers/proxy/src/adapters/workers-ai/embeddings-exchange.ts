import { ok } from "@aggregator/contracts/result";
import type { InferenceRequest } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import { refusalOf } from "../../translate/refuse-field.ts";
import type { AnswerReading, Exchange } from "../adapter.ts";
import { embeddingsAnswer, textsOf } from "../embeddings.ts";
import { readUsage } from "../openai/read-usage.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { readFailure, readRefusal } from "./read-failure.ts";
import { bindingRequest } from "./run-by-binding.ts";

/** Embeddings of the OpenAI wire by a text embeddings model of Workers AI. */
export const embeddingsExchange: Exchange = {
  refuse({ body }) {
    if (textsOf(body["input"]) === null) {
      return refusalOf("input", "the providers of this model take texts, not tokens.");
    }
    const { dimensions } = body;
    if (dimensions === undefined || dimensions === null) return null;
    return refusalOf("dimensions", "the providers of this model do not support it.");
  },
  buildRequest: (request, endpoint) => ok(bindingRequest(endpoint, { text: textsOf(request.body["input"]) ?? [] })),
  readAnswer,
  openStream() {
    throw new Error("embeddings have no stream");
  },
  readRefusal,
  readFailure,
};

/** Most of these models report no usage: then the input is estimated. */
function readAnswer(text: string, request: InferenceRequest): AnswerReading | null {
  const value = parseOrUndefined(text);
  if (!isObject(value) || !isArray(value["data"])) return null;
  return embeddingsAnswer(value["data"], readUsage(value["usage"]), request);
}
