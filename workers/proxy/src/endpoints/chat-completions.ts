import type { Endpoint } from "./endpoint.ts";
import type { JsonObject } from "./inference-request.ts";
import { bodyOf, openAiRequest, readOutputLimit, readStreaming } from "./parse-openai.ts";
import { isObject, parseFields, readArray, readCount, refuseField } from "./read-field.ts";

const ROUTE = { endpoint: "/v1/chat/completions", protocol: "openai-chat" } as const;

/** Chat: https://platform.openai.com/docs/api-reference/chat/create */
export const chatCompletions: Endpoint = {
  path: "/v1/chat/completions",
  protocol: "openai-chat",
  parse: (source) =>
    parseFields(() => {
      const body = bodyOf(source);
      return openAiRequest(source, ROUTE, {
        media: [readMessages(body)],
        ...readStreaming(body),
        outputLimit: readOutputLimit(body, ["max_completion_tokens", "max_tokens"]),
        choices: readCount(body, "n", 128) ?? 1,
      });
    }),
};

function readMessages(body: JsonObject): readonly unknown[] {
  const messages = readArray(body, "messages") ?? refuseField("messages", "is required.");
  if (messages.length === 0) return refuseField("messages", "must not be empty.");
  messages.forEach((message, index) => {
    if (!isObject(message)) return refuseField(`messages.${index}`, "must be an object.");
    if (typeof message["role"] !== "string") return refuseField(`messages.${index}.role`, "must be a string.");
    const { content } = message;
    if (content !== undefined && content !== null && typeof content !== "string" && !Array.isArray(content)) {
      return refuseField(`messages.${index}.content`, "must be a string or an array.");
    }
  });
  return messages;
}
