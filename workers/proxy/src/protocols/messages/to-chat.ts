import { ok, type Result } from "@aggregator/contracts/result";
import type { InferenceRequest, JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import { numberOf, objectsOf, stringOf } from "../../translate/chat-fields.ts";
import { convertMessages } from "./convert-messages.ts";

/** Budgets of thinking as OpenAI's efforts, by the share that a budget usually is of a limit. */
const EFFORT_LIMITS = [
  { upTo: 4_096, effort: "low" },
  { upTo: 16_384, effort: "medium" },
  { upTo: Infinity, effort: "high" },
] as const;

/** A request of Anthropic's Messages wire as a chat body. */
export function toChat(request: InferenceRequest): Result<JsonObject> {
  const { body } = request;
  const messages = convertMessages(body);
  if (!messages.ok) return messages;
  const tools = convertTools(body);
  return ok({
    model: body["model"],
    messages: messages.value,
    ...(request.outputLimit === null ? {} : { max_tokens: request.outputLimit.tokens }),
    ...pick(body, ["temperature", "top_p", "top_k"]),
    ...(body["stop_sequences"] === undefined ? {} : { stop: body["stop_sequences"] }),
    ...(tools.length === 0 ? {} : { tools, ...convertToolChoice(body["tool_choice"]) }),
    ...convertFormat(body["output_config"]),
    ...convertThinking(body),
    ...(isObject(body["metadata"]) && typeof body["metadata"]["user_id"] === "string"
      ? { user: body["metadata"]["user_id"] }
      : {}),
    ...(request.stream ? { stream: true } : {}),
  });
}

function pick(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => body[name] !== undefined).map((name) => [name, body[name]]));
}

/** The client's own tools; tools that run at Anthropic have no like elsewhere and are left out. */
function convertTools(body: JsonObject): readonly JsonObject[] {
  return objectsOf(body["tools"])
    .filter((tool) => isObject(tool["input_schema"]))
    .map((tool) => ({
      type: "function",
      function: {
        name: tool["name"],
        ...(tool["description"] === undefined ? {} : { description: tool["description"] }),
        parameters: tool["input_schema"],
        ...(tool["strict"] === true ? { strict: true } : {}),
      },
      ...(tool["cache_control"] === undefined ? {} : { cache_control: tool["cache_control"] }),
    }));
}

function convertToolChoice(choice: unknown): JsonObject {
  if (!isObject(choice)) return {};
  const serial = choice["disable_parallel_tool_use"] === true ? { parallel_tool_calls: false } : {};
  switch (choice["type"]) {
    case "any":
      return { tool_choice: "required", ...serial };
    case "none":
      return { tool_choice: "none" };
    case "tool":
      return { tool_choice: { type: "function", function: { name: choice["name"] } }, ...serial };
    default:
      return { tool_choice: "auto", ...serial };
  }
}

function convertFormat(config: unknown): JsonObject {
  const format = isObject(config) ? config["format"] : null;
  if (!isObject(format) || format["type"] !== "json_schema") return {};
  return {
    response_format: { type: "json_schema", json_schema: { name: "answer", schema: format["schema"], strict: true } },
  };
}

function convertThinking(body: JsonObject): JsonObject {
  const { thinking } = body;
  const effort = isObject(body["output_config"]) ? stringOf(body["output_config"]["effort"]) : null;
  if (effort !== null) return { reasoning_effort: effort === "max" ? "xhigh" : effort };
  if (!isObject(thinking) || thinking["type"] !== "enabled") return {};
  const budget = numberOf(thinking["budget_tokens"]) ?? 0;
  return { reasoning_effort: EFFORT_LIMITS.find(({ upTo }) => budget <= upTo)?.effort ?? "medium" };
}
