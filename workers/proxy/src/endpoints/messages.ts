import type { Endpoint, RequestBody } from "./endpoint.ts";
import type { InferenceRequest, JsonObject } from "./inference-request.ts";
import { bodyOf, openAiRequest, readOutputLimit } from "./parse-openai.ts";
import { isArray, isObject, parseFields, readArray, readBoolean, refuseField } from "./read-field.ts";

/** Messages: https://docs.anthropic.com/en/api/messages. Its usage is always shown. */
export const messages: Endpoint = {
  path: "/v1/messages",
  protocol: "anthropic-messages",
  parse: (source) =>
    parseFields(() => {
      const body = bodyOf(source);
      refuseThread(body);
      const outputLimit = readOutputLimit(body, ["max_tokens"]) ?? refuseField("max_tokens", "is required.");
      return {
        ...messagesRequest(source, "/v1/messages"),
        stream: readBoolean(body, "stream") ?? false,
        includeUsage: true,
        outputLimit,
      };
    }),
};

/** The tokens of a message, counted without answering it: https://docs.anthropic.com/en/api/messages-count-tokens */
export const countTokens: Endpoint = {
  path: "/v1/messages/count_tokens",
  protocol: "anthropic-messages",
  parse: (source) =>
    parseFields(() => ({
      ...messagesRequest(source, "/v1/messages/count_tokens"),
      producesOutput: false,
      isFree: true,
    })),
};

/**
 * A thread's history lies at Anthropic: we could neither bound what a request costs nor keep one tenant
 * from naming another's. Its client recovers from this error by sending the whole conversation.
 */
function refuseThread(body: JsonObject): void {
  if (body["thread"] === undefined || body["thread"] === null) return;
  refuseField("thread", "is not supported; send the whole conversation.", {
    error_code: "thread_unsupported_request",
    unsupported: null,
  });
}

/** What a message and a count of its tokens have in common. */
export function messagesRequest(
  source: RequestBody,
  endpoint: "/v1/messages" | "/v1/messages/count_tokens",
): InferenceRequest {
  const body = bodyOf(source);
  const list = readArray(body, "messages") ?? refuseField("messages", "is required.");
  if (list.length === 0) refuseField("messages", "must not be empty.");
  list.forEach((message, index) => checkMessage(message, `messages.${index}`));
  const { system } = body;
  if (system !== undefined && system !== null && typeof system !== "string" && !isArray(system)) {
    refuseField("system", "must be a string or an array.");
  }
  return {
    ...openAiRequest(source, { endpoint, protocol: "anthropic-messages" }, { media: [list, system] }),
    vendorHeaders: vendorHeadersOf(source.headers),
  };
}

function checkMessage(message: unknown, param: string): void {
  if (!isObject(message)) return refuseField(param, "must be an object.");
  const { role, content } = message;
  if (role !== "user" && role !== "assistant" && role !== "system") {
    refuseField(`${param}.role`, 'must be "user" or "assistant".');
  }
  if (typeof content !== "string" && !isArray(content))
    refuseField(`${param}.content`, "must be a string or an array.");
}

function vendorHeadersOf(headers: Headers): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const name of ["anthropic-version", "anthropic-beta"]) {
    const value = headers.get(name);
    if (value !== null) kept[name] = value;
  }
  return kept;
}
