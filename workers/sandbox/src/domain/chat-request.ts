import { z } from "zod";
import { countTokens } from "./count-tokens.ts";

const Content = z.union([z.string(), z.array(z.looseObject({ type: z.string().optional() }))]).nullish();
const Limit = z.int().min(1).nullish();
const JsonSchema = z.record(z.string(), z.unknown());

const Message = z.looseObject({
  role: z.string(),
  content: Content,
  tool_calls: z.array(z.unknown()).nullish(),
});
export type Message = z.infer<typeof Message>;

/** What the sandbox reads of a chat request; everything else is accepted and ignored. */
export const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(Message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: Limit,
  max_completion_tokens: Limit,
  n: z.int().min(1).max(128).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  tools: z
    .array(z.looseObject({ function: z.looseObject({ name: z.string(), parameters: JsonSchema.nullish() }) }))
    .nullish(),
  tool_choice: z.union([z.string(), z.looseObject({ function: z.looseObject({ name: z.string() }) })]).nullish(),
  response_format: z
    .looseObject({ type: z.string(), json_schema: z.looseObject({ schema: JsonSchema.nullish() }).nullish() })
    .nullish(),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** The text of a message; parts that are not text count nothing. */
export function textOf({ content }: Pick<Message, "content">): string {
  if (content === null || content === undefined) return "";
  if (typeof content === "string") return content;
  return content.map((part) => (typeof part["text"] === "string" ? part["text"] : "")).join("");
}

/** Tokens of the prompt: roles, texts, tool calls and tool definitions in one text. */
export function countPrompt(request: Pick<ChatRequest, "messages" | "tools">): number {
  const messages = request.messages.map((message) => message.role + textOf(message) + jsonOf(message.tool_calls));
  return countTokens(messages.join("") + jsonOf(request.tools));
}

function jsonOf(value: unknown): string {
  return value === null || value === undefined ? "" : JSON.stringify(value);
}
