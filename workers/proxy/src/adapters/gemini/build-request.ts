import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { ok, type Result } from "@aggregator/contracts/result";
import { loweredLimit } from "../../domain/output-ceiling.ts";
import type { InferenceRequest, JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import { numberOf, responseSchemaOf, stopsOf, toolChoiceOf, toolsOf } from "../../translate/chat-fields.ts";
import type { UpstreamRequest } from "../adapter.ts";
import { convertContents } from "./convert-contents.ts";
import { convertThinking, isBudgeted } from "./convert-thinking.ts";
import { geminiHeaders, modelUrl } from "./upstream.ts";

/** A chat body as a request of Gemini's wire. https://ai.google.dev/api/generate-content */
export function buildRequest(
  chat: JsonObject,
  request: InferenceRequest,
  endpoint: PlannedEndpoint,
): Result<UpstreamRequest> {
  const converted = convertContents(chat, !isBudgeted(endpoint.upstreamModel));
  if (!converted.ok) return converted;
  const { system, contents } = converted.value;
  const limit = loweredLimit(request, endpoint) ?? request.outputLimit?.tokens ?? null;
  const config = generationConfig(chat, limit, endpoint.upstreamModel);
  const body = {
    contents,
    ...(system.length === 0 ? {} : { systemInstruction: { parts: system } }),
    ...convertTools(chat),
    ...(Object.keys(config).length === 0 ? {} : { generationConfig: config }),
  };
  return ok({
    url: modelUrl(endpoint, request.stream ? "streamGenerateContent?alt=sse" : "generateContent"),
    headers: geminiHeaders(endpoint, request.stream ? "text/event-stream" : "application/json"),
    body: JSON.stringify(body),
  });
}

function generationConfig(chat: JsonObject, limit: number | null, model: string): JsonObject {
  const schema = responseSchemaOf(chat);
  const stops = stopsOf(chat);
  const thinking = convertThinking(chat, model);
  return {
    ...number("maxOutputTokens", limit),
    ...number("temperature", chat["temperature"]),
    ...number("topP", chat["top_p"]),
    ...number("topK", chat["top_k"]),
    ...number("seed", chat["seed"]),
    ...number("presencePenalty", chat["presence_penalty"]),
    ...number("frequencyPenalty", chat["frequency_penalty"]),
    ...(stops.length === 0 ? {} : { stopSequences: stops }),
    ...(schema === null ? {} : { responseMimeType: "application/json" }),
    ...(isObject(schema) ? { responseJsonSchema: schema } : {}),
    ...(thinking === null ? {} : { thinkingConfig: thinking }),
  };
}

function number(name: string, value: unknown): JsonObject {
  const known = numberOf(value);
  return known === null ? {} : { [name]: known };
}

function convertTools(chat: JsonObject): JsonObject {
  const tools = toolsOf(chat);
  if (tools.length === 0) return {};
  const functionDeclarations = tools.map(({ name, description, parameters }) => ({
    name,
    ...(description === null ? {} : { description }),
    ...(parameters === null ? {} : { parametersJsonSchema: parameters }),
  }));
  return { tools: [{ functionDeclarations }], ...convertToolChoice(chat) };
}

function convertToolChoice(chat: JsonObject): JsonObject {
  const choice = toolChoiceOf(chat);
  switch (choice?.mode) {
    case undefined:
    case "auto":
      return {};
    case "none":
      return { toolConfig: { functionCallingConfig: { mode: "NONE" } } };
    case "required":
      return { toolConfig: { functionCallingConfig: { mode: "ANY" } } };
    case "tool":
      return { toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: [choice.name] } } };
  }
}
