import type { DataPlaneEndpoint } from "@aggregator/contracts/data-plane";
import { estimateTokensExchange } from "../../protocols/messages/estimate-tokens-exchange.ts";
import { messagesClient } from "../../protocols/messages/messages-client.ts";
import { responsesClient } from "../../protocols/responses/responses-client.ts";
import { translateExchange } from "../../translate/translate-exchange.ts";
import type { Adapter, Exchange, StreamReader } from "../adapter.ts";
import type { InferenceRequest } from "../../endpoints/inference-request.ts";
import { refuseFeeTools } from "../../domain/refuse-fee-tools.ts";
import {
  chatShape,
  completionShape,
  imageCounts,
  imagesShape,
  listShape,
  rerankShape,
  responseShape,
  type AnswerShape,
} from "./answer-shape.ts";
import { buildRequest } from "./build-request.ts";
import { openAiChatWire } from "./chat-wire.ts";
import { chatChoices, ChoiceStreamReader, completionChoices } from "./choice-stream-reader.ts";
import { readAnswer } from "./read-answer.ts";
import { readFailure } from "./read-failure.ts";
import { readRefusal } from "./read-refusal.ts";
import { ResponseStreamReader } from "./response-stream-reader.ts";
import { speechExchange } from "./speech-exchange.ts";
import { transcriptionExchange } from "./transcription-exchange.ts";
import { TypedEventReader } from "./typed-event-reader.ts";
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
  "/v1/images/generations": {
    path: "images/generations",
    shape: imagesShape,
    names: "input",
    openStream: () => {
      let images = 0;
      return new TypedEventReader((event) => imageCounts(event["usage"], (images += 1)));
    },
  },
  "/v1/rerank": { path: "rerank", shape: rerankShape, names: "prompt", openStream: neverStreams },
};

const EXCHANGES: ReadonlyMap<string, Exchange> = new Map([
  ...Object.entries(ROWS).map(([endpoint, row]) => [endpoint, exchangeOf(row)] as const),
  ["/v1/messages", translateExchange(messagesClient, openAiChatWire)],
  ["/v1/messages/count_tokens", estimateTokensExchange],
  ["/v1/audio/speech", speechExchange],
  ["/v1/audio/transcriptions", transcriptionExchange],
]);

const responsesByChat = translateExchange(responsesClient, openAiChatWire);

/** OpenAI and OpenRouter: their own requests pass through untouched, Anthropic's are translated. */
export const openAiAdapter: Adapter = (request) => EXCHANGES.get(request.endpoint) ?? null;

/** A compatible server: every one has chat, few have responses, so those are translated. */
export const openAiCompatibleAdapter: Adapter = (request) =>
  request.endpoint === "/v1/responses" ? responsesByChat : openAiAdapter(request);

function exchangeOf({ path, shape, names, openStream }: Row): Exchange {
  return {
    refuse: refuseFeeTools,
    buildRequest: (request, endpoint) => buildRequest(path, request, endpoint),
    readAnswer: (text) => readAnswer(text, shape, names),
    openStream,
    readRefusal,
    readFailure,
  };
}

function neverStreams(): never {
  throw new Error("this endpoint has no streams");
}
