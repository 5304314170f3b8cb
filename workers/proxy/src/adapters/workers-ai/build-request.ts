import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { ok, type Result } from "@aggregator/contracts/result";
import { modelCeiling } from "../../domain/output-ceiling.ts";
import type { InferenceRequest, JsonObject } from "../../endpoints/inference-request.ts";
import {
  objectsOf,
  reasoningOf,
  responseSchemaOf,
  stopsOf,
  toolChoiceOf,
  toolsOf,
} from "../../translate/chat-fields.ts";
import type { UpstreamRequest } from "../adapter.ts";
import { bindingRequest } from "./run-by-binding.ts";

/** Members that mean the same on both wires. */
const SAME = ["temperature", "top_p", "top_k", "seed", "frequency_penalty", "presence_penalty"];

/** A chat body as inputs of a text model. https://developers.cloudflare.com/workers-ai/configuration/bindings/ */
export function buildRequest(
  chat: JsonObject,
  request: InferenceRequest,
  endpoint: PlannedEndpoint,
): Result<UpstreamRequest> {
  const stops = stopsOf(chat);
  const effort = reasoningOf(chat)?.effort ?? null;
  return ok(
    bindingRequest(endpoint, {
      messages: objectsOf(chat["messages"]).map(fitMessage),
      ...maxTokens(request, endpoint),
      ...Object.fromEntries(SAME.flatMap((name) => (typeof chat[name] === "number" ? [[name, chat[name]]] : []))),
      ...(stops.length === 0 ? {} : { stop: stops }),
      ...(effort === null ? {} : { reasoning_effort: effort }),
      ...responseFormat(chat),
      ...convertTools(chat),
      ...(request.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    }),
  );
}

/** Said always where it is known: without a limit these models stop after 256 tokens. */
function maxTokens({ outputLimit }: InferenceRequest, endpoint: PlannedEndpoint): JsonObject {
  if (outputLimit === null) return endpoint.maxOutputTokens === null ? {} : { max_tokens: endpoint.maxOutputTokens };
  return { max_tokens: Math.min(outputLimit.tokens, modelCeiling(endpoint)) };
}

/** The binding refuses a message without content, and knows nothing of marks and thoughts. */
function fitMessage(message: JsonObject): JsonObject {
  const {
    reasoning_content: _reasoning,
    reasoning_details: _details,
    cache_control: _mark,
    content,
    ...rest
  } = message;
  return { ...rest, role: rest["role"] === "developer" ? "system" : rest["role"], content: content ?? "" };
}

/** Its JSON mode takes the schema bare. https://developers.cloudflare.com/workers-ai/features/json-mode/ */
function responseFormat(chat: JsonObject): JsonObject {
  const schema = responseSchemaOf(chat);
  if (schema === null) return {};
  return {
    response_format: schema === "object" ? { type: "json_object" } : { type: "json_schema", json_schema: schema },
  };
}

/** A tool by name is no choice here: then it is the only tool, and required. */
function convertTools(chat: JsonObject): JsonObject {
  const choice = toolChoiceOf(chat);
  const tools = toolsOf(chat).filter(({ name }) => choice?.mode !== "tool" || choice.name === name);
  if (tools.length === 0) return {};
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: "function",
      function: { name, description: description ?? "", parameters: parameters ?? { type: "object", properties: {} } },
    })),
    ...(choice === null ? {} : { tool_choice: choice.mode === "tool" ? "required" : choice.mode }),
  };
}
