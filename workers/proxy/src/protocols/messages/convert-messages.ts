import { ok, type Result } from "@aggregator/contracts/result";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import { contentText, objectsOf, stringOf } from "../../translate/chat-fields.ts";
import { cannotHonour } from "../../translate/refuse-field.ts";

/** System and messages of Anthropic's wire as chat messages. */
export function convertMessages(body: JsonObject): Result<readonly JsonObject[]> {
  const system = contentOf(body["system"]);
  const messages: JsonObject[] = system === "" ? [] : [{ role: "system", content: system }];
  for (const [index, message] of objectsOf(body["messages"]).entries()) {
    const param = `messages.${index}.content`;
    const converted = message["role"] === "assistant" ? ok([assistantMessage(message)]) : userMessages(message, param);
    if (!converted.ok) return converted;
    messages.push(...converted.value);
  }
  return ok(messages);
}

/** A text, or text parts where cache marks make the parts matter. */
function contentOf(content: unknown): string | readonly JsonObject[] {
  if (!objectsOf(content).some((block) => block["cache_control"] !== undefined)) return contentText(content);
  return objectsOf(content).map((block) => ({
    type: "text",
    text: stringOf(block["text"]) ?? "",
    ...(block["cache_control"] === undefined ? {} : { cache_control: block["cache_control"] }),
  }));
}

function assistantMessage(message: JsonObject): JsonObject {
  const blocks = objectsOf(message["content"]);
  const calls = blocks.filter((block) => block["type"] === "tool_use");
  const thoughts = blocks.flatMap((block, index) => reasoningDetail(block, index));
  const reasoning = blocks
    .map((block) => (block["type"] === "thinking" ? (stringOf(block["thinking"]) ?? "") : ""))
    .join("");
  const text = typeof message["content"] === "string" ? message["content"] : contentText(blocks);
  return {
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(thoughts.length === 0 ? {} : { reasoning_details: thoughts }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map((call) => ({
            id: call["id"],
            type: "function",
            function: { name: call["name"], arguments: JSON.stringify(call["input"] ?? {}) },
          })),
        }),
  };
}

function reasoningDetail(block: JsonObject, index: number): JsonObject[] {
  const format = "anthropic-claude-v1";
  if (block["type"] === "thinking") {
    return [{ type: "reasoning.text", text: block["thinking"], signature: block["signature"], format, index }];
  }
  return block["type"] === "redacted_thinking"
    ? [{ type: "reasoning.encrypted", data: block["data"], format, index }]
    : [];
}

/** Results of tools become messages of their own, before what the user says beside them. */
function userMessages(message: JsonObject, param: string): Result<readonly JsonObject[]> {
  const role = message["role"] === "system" ? "system" : "user";
  const { content } = message;
  if (typeof content === "string") return ok([{ role, content }]);
  const results: JsonObject[] = [];
  const parts: JsonObject[] = [];
  for (const [index, block] of objectsOf(content).entries()) {
    if (block["type"] === "tool_result") {
      results.push({ role: "tool", tool_call_id: block["tool_use_id"], content: contentText(block["content"]) });
      // Chat's tool messages hold text only: pictures that a tool took follow as the user's.
      parts.push(
        ...objectsOf(block["content"])
          .map(imageOf)
          .filter((image) => image !== null),
      );
      continue;
    }
    const part = partOf(block);
    if (part === null) {
      return cannotHonour(`${param}.${index}.type`, "the providers of this model do not support this kind of content.");
    }
    parts.push(part);
  }
  const isPlain = parts.every((part) => part["type"] === "text" && part["cache_control"] === undefined);
  const said = isPlain ? contentText(parts) : parts;
  return ok(parts.length === 0 ? results : [...results, { role, content: said }]);
}

function partOf(block: JsonObject): JsonObject | null {
  switch (block["type"]) {
    case "text":
      return { type: "text", text: block["text"], ...cacheControl(block) };
    case "image":
      return imageOf(block);
    case "document":
      return documentOf(block);
    default:
      return null;
  }
}

function imageOf(block: JsonObject): JsonObject | null {
  const url = block["type"] === "image" ? urlOf(block["source"]) : null;
  return url === null ? null : { type: "image_url", image_url: { url }, ...cacheControl(block) };
}

function documentOf(block: JsonObject): JsonObject | null {
  const { source } = block;
  if (isObject(source) && source["type"] === "text") return { type: "text", text: stringOf(source["data"]) ?? "" };
  const data = urlOf(source);
  const filename = stringOf(block["title"]) ?? "document.pdf";
  return data === null ? null : { type: "file", file: { filename, file_data: data }, ...cacheControl(block) };
}

function urlOf(source: unknown): string | null {
  if (!isObject(source)) return null;
  if (source["type"] === "url") return stringOf(source["url"]);
  const data = stringOf(source["data"]);
  return source["type"] === "base64" && data !== null
    ? `data:${stringOf(source["media_type"]) ?? "application/octet-stream"};base64,${data}`
    : null;
}

function cacheControl(block: JsonObject): JsonObject {
  return block["cache_control"] === undefined ? {} : { cache_control: block["cache_control"] };
}
