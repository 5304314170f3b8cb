import { ok, type ErrorValue, type Result } from "@aggregator/contracts/result";
import type { InferenceRequest, JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import { contentText, objectsOf, stringOf } from "../../translate/chat-fields.ts";
import { cannotHonour } from "../../translate/refuse-field.ts";

const SAME_NAME = ["temperature", "top_p", "parallel_tool_calls", "user", "service_tier", "seed", "metadata"];
/** What only a provider with a memory can do. */
const NEEDS_STATE = ["previous_response_id", "conversation", "prompt"];

/** A request of the responses wire as a chat body. `invalid_request` for what needs state at the provider. */
export function toChat(request: InferenceRequest): Result<JsonObject> {
  const { body } = request;
  const stateful = NEEDS_STATE.find((name) => body[name] !== undefined && body[name] !== null);
  if (stateful !== undefined)
    return cannotHonour(stateful, "the providers of this model keep no state; send all input.");
  const messages = convertInput(body);
  if (!messages.ok) return messages;
  const tools = convertTools(body);
  if (!tools.ok) return tools;
  return ok({
    model: body["model"],
    messages: messages.value,
    ...(request.outputLimit === null ? {} : { max_tokens: request.outputLimit.tokens }),
    ...Object.fromEntries(SAME_NAME.filter((name) => body[name] !== undefined).map((name) => [name, body[name]])),
    ...(tools.value.length === 0 ? {} : { tools: tools.value, ...convertToolChoice(body["tool_choice"]) }),
    ...convertFormat(body["text"]),
    ...(isObject(body["reasoning"]) && typeof body["reasoning"]["effort"] === "string"
      ? { reasoning_effort: body["reasoning"]["effort"] }
      : {}),
    ...(request.stream ? { stream: true } : {}),
  });
}

function convertInput(body: JsonObject): Result<readonly JsonObject[]> {
  const instructions = stringOf(body["instructions"]);
  const messages: JsonObject[] = instructions === null ? [] : [{ role: "system", content: instructions }];
  if (typeof body["input"] === "string") return ok([...messages, { role: "user", content: body["input"] }]);
  for (const [index, item] of objectsOf(body["input"]).entries()) {
    const problem = addItem(messages, item, `input.${index}`);
    if (problem !== null) return { ok: false, error: problem };
  }
  return ok(messages);
}

function addItem(messages: JsonObject[], item: JsonObject, param: string): ErrorValue | null {
  switch (item["type"]) {
    case undefined:
    case "message":
      messages.push({ role: item["role"], content: convertContent(item["content"]) });
      return null;
    case "function_call":
      addCall(messages, item);
      return null;
    case "function_call_output":
      messages.push({ role: "tool", tool_call_id: item["call_id"], content: outputText(item["output"]) });
      return null;
    case "reasoning":
      // Encrypted thoughts of another provider; the answer does not depend on them.
      return null;
    default: {
      const refused = cannotHonour(`${param}.type`, "the providers of this model do not support this kind of item.");
      return refused.ok ? null : refused.error;
    }
  }
}

/** Calls of one turn belong to one assistant message. */
function addCall(messages: JsonObject[], item: JsonObject): void {
  const call = {
    id: item["call_id"],
    type: "function",
    function: { name: item["name"], arguments: item["arguments"] },
  };
  const last = messages.at(-1);
  if (last?.["role"] !== "assistant") {
    messages.push({ role: "assistant", content: null, tool_calls: [call] });
    return;
  }
  messages[messages.length - 1] = { ...last, tool_calls: [...objectsOf(last["tool_calls"]), call] };
}

function outputText(output: unknown): string {
  return typeof output === "string" ? output : contentText(output);
}

function convertContent(content: unknown): unknown {
  if (typeof content === "string") return content;
  const parts = objectsOf(content).map((part): JsonObject => {
    switch (part["type"]) {
      case "input_image":
        return { type: "image_url", image_url: { url: part["image_url"] } };
      case "input_file":
        return { type: "file", file: { filename: part["filename"], file_data: part["file_data"] ?? part["file_url"] } };
      case "input_audio":
        return part;
      default:
        return { type: "text", text: part["text"] ?? part["refusal"] };
    }
  });
  return parts.every((part) => part["type"] === "text") ? contentText(parts) : parts;
}

function convertTools(body: JsonObject): Result<readonly JsonObject[]> {
  const tools: JsonObject[] = [];
  for (const [index, tool] of objectsOf(body["tools"]).entries()) {
    if (tool["type"] !== "function") {
      return cannotHonour(`tools.${index}.type`, "only function tools are supported by the providers of this model.");
    }
    const { type, ...called } = tool;
    tools.push({ type, function: called });
  }
  return ok(tools);
}

function convertToolChoice(choice: unknown): JsonObject {
  if (typeof choice === "string") return { tool_choice: choice };
  if (!isObject(choice) || choice["type"] !== "function") return {};
  return { tool_choice: { type: "function", function: { name: choice["name"] } } };
}

function convertFormat(text: unknown): JsonObject {
  const format = isObject(text) ? text["format"] : null;
  if (!isObject(format) || format["type"] === "text") return {};
  if (format["type"] === "json_object") return { response_format: { type: "json_object" } };
  const { type, ...schema } = format;
  return { response_format: { type, json_schema: schema } };
}
