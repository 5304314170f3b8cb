import type { ProviderKind } from "@aggregator/contracts/provider-kinds";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import { objectsOf } from "../../translate/chat-fields.ts";

/**
 * A chat body that we made, in the dialect of the server: OpenAI itself refuses members that it does not
 * know, OpenRouter takes cache marks and signed thoughts, the others take thoughts as text.
 */
export function fitChat(chat: JsonObject, kind: ProviderKind): JsonObject {
  if (kind === "openrouter") return chat;
  const isStrict = kind === "openai" || kind === "azure-openai";
  const { top_k: topK, max_tokens: maxTokens, tools, ...rest } = chat;
  const limit = isStrict ? "max_completion_tokens" : "max_tokens";
  return {
    ...rest,
    messages: objectsOf(chat["messages"]).map((message) => fitMessage(message, isStrict)),
    ...(maxTokens === undefined ? {} : { [limit]: maxTokens }),
    ...(isStrict || topK === undefined ? {} : { top_k: topK }),
    ...(isArray(tools) ? { tools: tools.map(withoutMark) } : {}),
  };
}

function fitMessage(message: JsonObject, isStrict: boolean): JsonObject {
  const { reasoning_details: _, reasoning_content: reasoning, cache_control: _mark, content, ...rest } = message;
  return {
    ...rest,
    content: isArray(content) ? content.map(withoutMark) : content,
    ...(isStrict || reasoning === undefined ? {} : { reasoning_content: reasoning }),
  };
}

function withoutMark(value: unknown): unknown {
  if (!isObject(value) || value["cache_control"] === undefined) return value;
  const { cache_control: _, ...rest } = value;
  return rest;
}
