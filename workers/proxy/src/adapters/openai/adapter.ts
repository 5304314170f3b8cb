import type { DataPlaneEndpoint } from "@aggregator/contracts/data-plane";
import type { Adapter, Exchange, StreamReader } from "../adapter.ts";
import type { InferenceRequest } from "../../endpoints/inference-request.ts";
import { chatShape, completionShape, listShape, responseShape, type AnswerShape } from "./answer-shape.ts";
import { buildRequest } from "./build-request.ts";
import { chatChoices, ChoiceStreamReader, completionChoices } from "./choice-stream-reader.ts";
import { readAnswer } from "./read-answer.ts";
import { readRefusal } from "./read-refusal.ts";
import { ResponseStreamReader } from "./response-stream-reader.ts";
import type { UsageNames } from "./show-usage.ts";

interface Row {
  readonly path: string;
  readonly shape: AnswerShape;
  readonly names: UsageNames;
  readonly openStream: (request: InferenceRequest) => StreamReader;
}

/** Where a request of the OpenAI wire goes and how its answer reads. */
const ROWS: Readonly<Partial<Record<DataPlaneEndpoint, Row>>> = {
  "/v1/chat/completions": {
    path: "chat/completions",
    shape: chatShape,
    names: "prompt",
    openStream: (request) => new ChoiceStreamReader(chatChoices, request.includeUsage),
  },
  "/v1/completions": {
    path: "completions",
    shape: completionShape,
    names: "prompt",
    openStream: (request) => new ChoiceStreamReader(completionChoices, request.includeUsage),
  },
  "/v1/responses": {
    path: "responses",
    shape: responseShape,
    names: "input",
    openStream: () => new ResponseStreamReader(),
  },
  "/v1/embeddings": { path: "embeddings", shape: listShape("data"), names: "prompt", openStream: neverStreams },
  "/v1/moderations": { path: "moderations", shape: listShape("results"), names: "prompt", openStream: neverStreams },
};

const EXCHANGES: ReadonlyMap<string, Exchange> = new Map(
  Object.entries(ROWS).map(([endpoint, row]) => [endpoint, exchangeOf(row)]),
);

/** The OpenAI wire: OpenAI, OpenRouter and every compatible server. Its own requests pass through untouched. */
export const openAiAdapter: Adapter = (request) => EXCHANGES.get(request.endpoint) ?? null;

function exchangeOf({ path, shape, names, openStream }: Row): Exchange {
  return {
    buildRequest: (request, endpoint) => buildRequest(path, request, endpoint),
    readAnswer: (text) => readAnswer(text, shape, names),
    openStream,
    readRefusal,
  };
}

function neverStreams(): never {
  throw new Error("this endpoint has no streams");
}
