import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { ok, type Result } from "@aggregator/contracts/result";
import { modelCeiling } from "../../domain/output-ceiling.ts";
import type { InferenceRequest, JsonObject } from "../../endpoints/inference-request.ts";
import { numberOf, responseSchemaOf, stopsOf, stringOf, toolChoiceOf, toolsOf } from "../../translate/chat-fields.ts";
import type { UpstreamRequest } from "../adapter.ts";
import { isObject } from "../../endpoints/read-field.ts";
import { convertThinking } from "./convert-thinking.ts";
import { convertMessages } from "./convert-messages.ts";
import { messagesHeaders, messagesUrl } from "./upstream.ts";

const JSON_ONLY = "Answer with one valid JSON object and nothing else.";

/** A chat body as a request of Anthropic's Messages wire. */
export function buildRequest(
  chat: JsonObject,
  request: InferenceRequest,
  endpoint: PlannedEndpoint,
): Result<UpstreamRequest> {
  const converted = convertMessages(chat);
  if (!converted.ok) return converted;
  const { system, messages } = converted.value;
  const schema = responseSchemaOf(chat);
  const maxTokens = Math.min(request.outputLimit?.tokens ?? Infinity, modelCeiling(endpoint));
  const { thinking, effort } = convertThinking(chat, endpoint.upstreamModel, maxTokens, messages);
  const body = {
    model: endpoint.upstreamModel,
    max_tokens: maxTokens,
    messages,
    ...member("system", schema === "object" ? [...system, { type: "text", text: JSON_ONLY }] : system),
    ...member("tools", convertTools(chat)),
    ...convertToolChoice(chat),
    ...member("stop_sequences", stopsOf(chat)),
    ...(isThinking(thinking) ? {} : convertSampling(chat)),
    ...convertOutput(schema, effort),
    ...(thinking === undefined ? {} : { thinking }),
    ...(isObject(chat["cache_control"]) ? { cache_control: chat["cache_control"] } : {}),
    ...(stringOf(chat["user"]) === null ? {} : { metadata: { user_id: chat["user"] } }),
    ...(request.stream ? { stream: true } : {}),
  };
  return ok({ url: messagesUrl(endpoint), headers: messagesHeaders(endpoint, request), body: JSON.stringify(body) });
}

function member(name: string, list: readonly unknown[]): JsonObject {
  return list.length === 0 ? {} : { [name]: list };
}

function optional(name: string, value: number | null): JsonObject {
  return value === null ? {} : { [name]: value };
}

/** Models refuse sampling of one's own while they think. */
function isThinking(thinking: unknown): boolean {
  return isObject(thinking) && thinking["type"] !== "disabled";
}

/** OpenAI's temperature goes to 2, Anthropic's to 1; newer models take one of temperature and top_p, not both. */
function convertSampling(chat: JsonObject): JsonObject {
  const temperature = numberOf(chat["temperature"]);
  const topP = numberOf(chat["top_p"]);
  return {
    ...optional("temperature", temperature === null ? null : Math.min(temperature, 1)),
    ...(temperature === null ? optional("top_p", topP) : {}),
    ...optional("top_k", numberOf(chat["top_k"])),
  };
}

function convertOutput(schema: JsonObject | "object" | null, effort: string | null): JsonObject {
  const format = schema === null || schema === "object" ? {} : { format: { type: "json_schema", schema } };
  const config = { ...format, ...(effort === null ? {} : { effort }) };
  return Object.keys(config).length === 0 ? {} : { output_config: config };
}

function convertTools(chat: JsonObject): readonly JsonObject[] {
  return toolsOf(chat).map((tool) => ({
    name: tool.name,
    ...(tool.description === null ? {} : { description: tool.description }),
    input_schema: tool.parameters ?? { type: "object", properties: {} },
    ...(tool.strict ? { strict: true } : {}),
    ...(tool.source["cache_control"] === undefined ? {} : { cache_control: tool.source["cache_control"] }),
  }));
}

function convertToolChoice(chat: JsonObject): JsonObject {
  const choice = toolChoiceOf(chat);
  const isSerial = chat["parallel_tool_calls"] === false;
  if (toolsOf(chat).length === 0 || (choice === null && !isSerial)) return {};
  const serial = isSerial ? { disable_parallel_tool_use: true } : {};
  switch (choice?.mode) {
    case "none":
      return { tool_choice: { type: "none" } };
    case "required":
      return { tool_choice: { type: "any", ...serial } };
    case "tool":
      return { tool_choice: { type: "tool", name: choice.name, ...serial } };
    case "auto":
    case undefined:
      return { tool_choice: { type: "auto", ...serial } };
  }
}
