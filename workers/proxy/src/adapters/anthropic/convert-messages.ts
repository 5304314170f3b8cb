import { ok, type Result } from "@aggregator/contracts/result";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import { argumentsObject } from "../../translate/answer-part.ts";
import { contentText, objectsOf, stringOf } from "../../translate/chat-fields.ts";
import { mediaSourceOf, type MediaSource } from "../../translate/media.ts";
import { cannotHonour } from "../../translate/refuse-field.ts";

export interface Conversation {
  readonly system: readonly JsonObject[];
  readonly messages: readonly JsonObject[];
}

interface Turn {
  readonly role: "user" | "assistant";
  readonly content: JsonObject[];
}

/**
 * Chat messages as Anthropic's: system messages apart, neighbours of one role joined (results of
 * parallel calls must stand in one message), thoughts first in their turn.
 */
export function convertMessages(chat: JsonObject): Result<Conversation> {
  const system: JsonObject[] = [];
  const turns: Turn[] = [];
  for (const [index, message] of objectsOf(chat["messages"]).entries()) {
    const { role, content } = message;
    if (role === "system" || role === "developer") {
      system.push(...systemBlocks(content));
      continue;
    }
    const blocks = blocksOf(message, `messages.${index}`);
    if (!blocks.ok) return blocks;
    addTurn(turns, role === "assistant" ? "assistant" : "user", blocks.value);
  }
  return ok({ system, messages: turns.map(({ role, content }) => ({ role, content })) });
}

function addTurn(turns: Turn[], role: Turn["role"], blocks: readonly JsonObject[]): void {
  if (blocks.length === 0) return;
  const last = turns.at(-1);
  if (last?.role === role) last.content.push(...blocks);
  else turns.push({ role, content: [...blocks] });
}

function systemBlocks(content: unknown): readonly JsonObject[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return objectsOf(content).map((part) => textBlock(stringOf(part["text"]) ?? "", part));
}

function blocksOf(message: JsonObject, param: string): Result<readonly JsonObject[]> {
  switch (message["role"]) {
    case "tool":
      return toolResult(message, param);
    case "assistant":
      return assistantBlocks(message, param);
    default:
      return contentBlocks(message["content"], `${param}.content`);
  }
}

function toolResult(message: JsonObject, param: string): Result<readonly JsonObject[]> {
  const result = { type: "tool_result", tool_use_id: message["tool_call_id"], ...cacheControl(message) };
  if (typeof message["content"] === "string") return ok([{ ...result, content: message["content"] }]);
  const content = contentBlocks(message["content"], `${param}.content`);
  return content.ok ? ok([{ ...result, content: content.value }]) : content;
}

function assistantBlocks(message: JsonObject, param: string): Result<readonly JsonObject[]> {
  const text = contentText(message["content"]) + (stringOf(message["refusal"]) ?? "");
  const blocks = [
    ...thinkingBlocks(message),
    ...(text === "" ? [] : [{ type: "text", text, ...cacheControl(message) }]),
  ];
  for (const [index, call] of objectsOf(message["tool_calls"]).entries()) {
    const called = isObject(call["function"]) ? call["function"] : {};
    const input = argumentsObject(stringOf(called["arguments"]) ?? "");
    if (input === null) {
      return cannotHonour(`${param}.tool_calls.${index}.function.arguments`, "must be a JSON object.");
    }
    blocks.push({ type: "tool_use", id: call["id"], name: called["name"], input });
  }
  return ok(blocks);
}

/** Thoughts that came from Anthropic go back as they were; those of other vendors mean nothing there. */
function thinkingBlocks(message: JsonObject): JsonObject[] {
  return objectsOf(message["reasoning_details"]).flatMap((detail): JsonObject[] => {
    if (detail["format"] !== undefined && detail["format"] !== "anthropic-claude-v1") return [];
    const signature = stringOf(detail["signature"]);
    if (detail["type"] === "reasoning.text" && signature !== null) {
      return [{ type: "thinking", thinking: stringOf(detail["text"]) ?? "", signature }];
    }
    const data = stringOf(detail["data"]);
    return detail["type"] === "reasoning.encrypted" && data !== null ? [{ type: "redacted_thinking", data }] : [];
  });
}

function contentBlocks(content: unknown, param: string): Result<readonly JsonObject[]> {
  if (typeof content === "string") return ok(content === "" ? [] : [{ type: "text", text: content }]);
  const blocks: JsonObject[] = [];
  for (const [index, part] of objectsOf(content).entries()) {
    const block = contentBlock(part, `${param}.${index}`);
    if (!block.ok) return block;
    blocks.push(block.value);
  }
  return ok(blocks);
}

function contentBlock(part: JsonObject, param: string): Result<JsonObject> {
  switch (part["type"]) {
    case "text":
      return ok(textBlock(stringOf(part["text"]) ?? "", part));
    case "image_url": {
      const image = part["image_url"];
      const url = stringOf(isObject(image) ? image["url"] : image);
      if (url === null) return cannotHonour(`${param}.image_url.url`, "must be a string.");
      return ok({ type: "image", source: sourceOf(mediaSourceOf(url, "image/png")), ...cacheControl(part) });
    }
    case "file": {
      const file = isObject(part["file"]) ? part["file"] : {};
      const data = stringOf(file["file_data"]);
      if (data === null)
        return cannotHonour(`${param}.file.file_data`, "is required: files kept elsewhere cannot be read.");
      const title = stringOf(file["filename"]);
      const source = sourceOf(mediaSourceOf(data, "application/pdf"));
      return ok({ type: "document", source, ...(title === null ? {} : { title }), ...cacheControl(part) });
    }
    default:
      return cannotHonour(`${param}.type`, "the providers of this model do not support this kind of content.");
  }
}

function sourceOf(source: MediaSource): JsonObject {
  return source.kind === "url"
    ? { type: "url", url: source.url }
    : { type: "base64", media_type: source.mediaType, data: source.data };
}

function textBlock(text: string, part: JsonObject): JsonObject {
  return { type: "text", text, ...cacheControl(part) };
}

function cacheControl(part: JsonObject): JsonObject {
  return isObject(part["cache_control"]) ? { cache_control: part["cache_control"] } : {};
}
