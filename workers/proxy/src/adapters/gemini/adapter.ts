import { chatClient } from "../../protocols/chat/chat-client.ts";
import { estimateTokensExchange } from "../../protocols/messages/estimate-tokens-exchange.ts";
import { messagesClient } from "../../protocols/messages/messages-client.ts";
import { responsesClient } from "../../protocols/responses/responses-client.ts";
import { translateExchange } from "../../translate/translate-exchange.ts";
import type { Adapter, Exchange } from "../adapter.ts";
import { embeddingsExchange } from "./embeddings-exchange.ts";
import { geminiWire } from "./wire.ts";

const EXCHANGES: ReadonlyMap<string, Exchange> = new Map([
  ["/v1/chat/completions", translateExchange(chatClient, geminiWire)],
  ["/v1/responses", translateExchange(responsesClient, geminiWire)],
  ["/v1/messages", translateExchange(messagesClient, geminiWire)],
  ["/v1/messages/count_tokens", estimateTokensExchange],
  ["/v1/embeddings", embeddingsExchange],
]);

/** Google Gemini: every client is translated. */
export const geminiAdapter: Adapter = (request) => EXCHANGES.get(request.endpoint) ?? null;
