import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { ok, type Result } from "@aggregator/contracts/result";
import { modelCeiling } from "../../domain/output-ceiling.ts";
import type { InferenceRequest, JsonObject } from "../../endpoints/inference-request.ts";
import {
  numberOf,
  reasoningOf,
  responseSchemaOf,
  stopsOf,
  stringOf,
  toolChoiceOf,
  toolsOf,
} from "../../translate/chat-fields.ts";
import { cannotHonour, firstUnsupported } from "../../translate/refuse-field.ts";
import type { UpstreamRequest } from "../adapter.ts";
import { convertMessages } from "./convert-messages.ts";
import { messagesHeaders, messagesUrl } from "./upstream.ts";

const THINKING_SHARE = { minimal: 0.1, low: 0.2, medium: 0.5, high: 0.8, xhigh: 0.95 } as const;
/** Anthropic's own least. */
const MIN_THINKING_TOKENS = 1_024;
const JSON_ONLY = "Answer with one valid JSON object and nothing else.";

/** A chat body as a request of Anthropic's Messages wire. */
export function buildRequest(
  chat: JsonObject,
  request: InferenceRequest,
  endpoint: PlannedEndpoint,
): Result<UpstreamRequest> {
  const unsupported = firstUnsupported(chat);
  if (unsupported !== null) return cannotHonour(unsupported, "the providers of this model do not support it.");
  const converted = convertMessages(chat);
  if (!converted.ok) return converted;
  const { system, messages } = converted.value;
  const schema = responseSchemaOf(chat);
  const maxTokens = Math.min(request.outputLimit?.tokens ?? Infinity, modelCeiling(endpoint));
  const body = {
    model: endpoint.upstreamModel,
    max_tokens: maxTokens,
    messages,
    ...member("system", schema === "object" ? [...system, { type: "text", text: JSON_ONLY }] : system),
    ...member("tools", convertTools(chat)),
    ...convertToolChoice(chat),
    ...member("stop_sequences", stopsOf(chat)),
    ...optional("temperature", clampTemperature(numberOf(chat["temperature"]))),
    ...optional("top_p", numberOf(chat["top_p"])),
    ...optional("top_k", numberOf(chat["top_k"])),
    ...(schema === null || schema === "object" ? {} : { output_config: { format: { type: "json_schema", schema } } }),
    ...convertThinking(chat, maxTokens),
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

/** OpenAI's goes to 2, Anthropic's to 1. */
function clampTemperature(value: number | null): number | null {
  return value === null ? null : Math.min(value, 1);
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

/** An effort as a share of the output limit, since the budget counts against it; a client's own `thinking` passes. */
function convertThinking(chat: JsonObject, maxTokens: number): JsonObject {
  if (chat["thinking"] !== undefined) return { thinking: chat["thinking"] };
  const reasoning = reasoningOf(chat);
  if (reasoning === null) return {};
  if (reasoning.effort === "none") return { thinking: { type: "disabled" } };
  const wanted = reasoning.maxTokens ?? Math.floor(maxTokens * THINKING_SHARE[reasoning.effort ?? "medium"]);
  const budget = Math.max(MIN_THINKING_TOKENS, Math.min(wanted, maxTokens - 1));
  return budget < maxTokens ? { thinking: { type: "enabled", budget_tokens: budget } } : {};
}
