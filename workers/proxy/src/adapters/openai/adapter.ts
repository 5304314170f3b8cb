import type { Adapter, Exchange } from "../adapter.ts";
import { buildRequest } from "./build-request.ts";
import { ChatStreamReader } from "./chat-stream-reader.ts";
import { readAnswer } from "./read-answer.ts";
import { readRefusal } from "./read-refusal.ts";

const chat: Exchange = {
  buildRequest: (request, endpoint) => buildRequest("chat/completions", request, endpoint),
  readAnswer,
  openStream: (request) => new ChatStreamReader(request.includeUsage),
  readRefusal,
};

/** The OpenAI wire: OpenAI, OpenRouter and every compatible server. Its own requests pass through untouched. */
export const openAiAdapter: Adapter = (request) => {
  switch (request.protocol) {
    case "openai-chat":
      return chat;
    case "openai-completions":
    case "openai-responses":
    case "openai-other":
    case "anthropic-messages":
      return null;
  }
};
