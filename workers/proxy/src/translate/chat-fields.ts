import type { JsonObject } from "../endpoints/inference-request.ts";
import { isArray, isObject } from "../endpoints/read-field.ts";

/** Readers of a chat body that has already passed the endpoint's own checks: what is not as expected counts as absent. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return isArray(value) ? value.filter(isObject) : [];
}

export function stringOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

/** Text of a message's content: the string, or its text parts joined. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  return objectsOf(content)
    .map((part) => stringOf(part["text"]) ?? "")
    .join("");
}

/** Stop sequences: one or a list. */
export function stopsOf(chat: JsonObject): readonly string[] {
  const { stop } = chat;
  if (typeof stop === "string") return [stop];
  return isArray(stop) ? stop.filter((item) => typeof item === "string") : [];
}

export interface ToolSpec {
  readonly name: string;
  readonly description: string | null;
  readonly parameters: JsonObject | null;
  readonly strict: boolean;
  /** The tool as it was sent, for members of the vendor such as `cache_control`. */
  readonly source: JsonObject;
}

/** Function tools of a chat body. */
export function toolsOf(chat: JsonObject): readonly ToolSpec[] {
  return objectsOf(chat["tools"]).flatMap((source) => {
    const called = source["function"];
    const name = isObject(called) ? stringOf(called["name"]) : null;
    if (!isObject(called) || name === null) return [];
    const { parameters } = called;
    return [
      {
        name,
        description: stringOf(called["description"]),
        parameters: isObject(parameters) ? parameters : null,
        strict: called["strict"] === true,
        source,
      },
    ];
  });
}

export type ToolChoice =
  | { readonly mode: "auto" | "none" | "required" }
  | { readonly mode: "tool"; readonly name: string };

/** `tool_choice`; null when absent. */
export function toolChoiceOf(chat: JsonObject): ToolChoice | null {
  const choice = chat["tool_choice"];
  if (choice === "auto" || choice === "none" || choice === "required") return { mode: choice };
  if (!isObject(choice)) return null;
  const called = choice["function"];
  const name = isObject(called) ? stringOf(called["name"]) : null;
  return name === null ? null : { mode: "tool", name };
}

/** The JSON schema that the answer must follow; `"object"` for any JSON; null for free text. */
export function responseSchemaOf(chat: JsonObject): JsonObject | "object" | null {
  const format = chat["response_format"];
  if (!isObject(format)) return null;
  if (format["type"] === "json_object") return "object";
  const schema = isObject(format["json_schema"]) ? format["json_schema"]["schema"] : null;
  return format["type"] === "json_schema" && isObject(schema) ? schema : null;
}

export type Effort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh";

const EFFORTS: ReadonlySet<unknown> = new Set<Effort>(["none", "minimal", "low", "medium", "high", "xhigh"]);

/** How much to think: OpenAI's `reasoning_effort`, or OpenRouter's `reasoning`; null when the client did not say. */
export function reasoningOf(
  chat: JsonObject,
): { readonly effort: Effort | null; readonly maxTokens: number | null } | null {
  const { reasoning } = chat;
  const effort = chat["reasoning_effort"] ?? (isObject(reasoning) ? reasoning["effort"] : null);
  const maxTokens = isObject(reasoning) ? numberOf(reasoning["max_tokens"]) : null;
  if (!isEffort(effort)) return maxTokens === null ? null : { effort: null, maxTokens };
  return { effort, maxTokens };
}

function isEffort(value: unknown): value is Effort {
  return EFFORTS.has(value);
}
