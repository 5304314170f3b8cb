import { chatClient } from "../../protocols/chat/chat-client.ts";
import { responsesClient } from "../../protocols/responses/responses-client.ts";
import { translateExchange } from "../../translate/translate-exchange.ts";
import type { Adapter } from "../adapter.ts";
import { countTokensExchange } from "./count-tokens-exchange.ts";
import { messagesExchange } from "./messages-exchange.ts";
import { anthropicWire } from "./wire.ts";

const chat = translateExchange(chatClient, anthropicWire);
const responses = translateExchange(responsesClient, anthropicWire);

/** Anthropic: its own wire passes through, the others are translated. */
export const anthropicAdapter: Adapter = (request) => {
  switch (request.protocol) {
    case "anthropic-messages":
      return request.endpoint === "/v1/messages" ? messagesExchange : countTokensExchange;
    case "openai-chat":
      return chat;
    case "openai-responses":
      return responses;
    case "openai-completions":
    case "openai-other":
      return null;
  }
};
