import type { Endpoint } from "./endpoint.ts";
import type { InferenceRequest, JsonObject } from "./inference-request.ts";
import { measureInput } from "./input-size.ts";
import { isObject, parseFields, readArray, readBoolean, readCount, readObject, refuseField } from "./read-field.ts";
import { readModels, readPreferences } from "./read-routing.ts";

/** Chat: https://platform.openai.com/docs/api-reference/chat/create */
export const chatCompletions: Endpoint = {
  path: "/v1/chat/completions",
  protocol: "openai-chat",
  parse: ({ text, byteLength, parsed }) =>
    parseFields((): InferenceRequest => {
      const body = isObject(parsed.value) ? parsed.value : refuseField("body", "must be a JSON object.");
      const messages = readMessages(body);
      const streamOptions = readObject(body, "stream_options");
      return {
        endpoint: "/v1/chat/completions",
        protocol: "openai-chat",
        text,
        members: parsed.members,
        body,
        models: readModels(body),
        preferences: readPreferences(body),
        stream: readBoolean(body, "stream") ?? false,
        includeUsage:
          streamOptions !== null &&
          (readBoolean(streamOptions, "include_usage", "stream_options.include_usage") ?? false),
        outputLimit: readOutputLimit(body),
        choices: readCount(body, "n", 128) ?? 1,
        producesOutput: true,
        input: measureInput(byteLength, [messages]),
      };
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

const LIMIT_FIELDS = ["max_completion_tokens", "max_tokens"];

/** The larger of the two names, since servers differ in which they obey. */
function readOutputLimit(body: JsonObject): InferenceRequest["outputLimit"] {
  const fields = LIMIT_FIELDS.filter((field) => readCount(body, field) !== null);
  if (fields.length === 0) return null;
  return { fields, tokens: Math.max(...fields.map((field) => readCount(body, field) ?? 0)) };
}
