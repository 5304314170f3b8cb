import { chatClient } from "../../protocols/chat/chat-client.ts";
import { estimateTokensExchange } from "../../protocols/messages/estimate-tokens-exchange.ts";
import { messagesClient } from "../../protocols/messages/messages-client.ts";
import { responsesClient } from "../../protocols/responses/responses-client.ts";
import { translateExchange } from "../../translate/translate-exchange.ts";
import type { Adapter, Exchange } from "../adapter.ts";
import { embeddingsExchange } from "./embeddings-exchange.ts";
import { workersAiWire } from "./wire.ts";

const EXCHANGES: ReadonlyMap<string, Exchange> = new Map([
  ["/v1/chat/completions", translateExchange(chatClient, workersAiWire)],
  ["/v1/responses", translateExchange(responsesClient, workersAiWire)],
  ["/v1/messages", translateExchange(messagesClient, workersAiWire)],
  ["/v1/messages/count_tokens", estimateTokensExchange],
  ["/v1/embeddings", embeddingsExchange],
]);

/** Cloudflare Workers AI by its binding: every client is translated. */
export const workersAiAdapter: Adapter = (request) => EXCHANGES.get(request.endpoint) ?? null;
