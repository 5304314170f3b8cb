import type { JsonObject } from "../endpoints/inference-request.ts";
import { isArray } from "../endpoints/read-field.ts";

/** Of a long beginning this much tells conversations apart. */
const MAX_TEXT = 2_000;

/**
 * Names the conversation that a request belongs to, the same for each of its turns: by what the client
 * says (`prompt_cache_key`, `user`), else by how it begins. Null where nothing tells.
 */
export function conversationOf(companyId: string, body: JsonObject): string | null {
  const said = textOf(body["prompt_cache_key"]) ?? textOf(body["user"]);
  if (said !== null) return `${companyId}\n${said}`;
  const turns = isArray(body["messages"]) ? body["messages"] : isArray(body["input"]) ? body["input"] : null;
  if (turns === null || turns.length === 0) return null;
  const beginning = [body["system"] ?? body["instructions"], ...turns.slice(0, 2)];
  return `${companyId}\n${beginning.map((part) => (JSON.stringify(part) ?? "").slice(0, MAX_TEXT)).join("\n")}`;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, MAX_TEXT) : null;
}
