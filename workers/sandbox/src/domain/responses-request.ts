import { z } from "zod";
import type { ChatRequest, Message } from "./chat-request.ts";

const Item = z.looseObject({
  role: z.string().optional(),
  content: z.union([z.string(), z.array(z.looseObject({}))]).nullish(),
});

/** What the sandbox reads of a request to the responses endpoint. */
export const ResponsesRequest = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(Item).min(1)]),
  instructions: z.string().nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  stream: z.boolean().nullish(),
});
export type ResponsesRequest = z.infer<typeof ResponsesRequest>;

/** The same request as chat: instructions and items as messages. */
export function chatOf(request: ResponsesRequest): ChatRequest {
  const items = typeof request.input === "string" ? [{ role: "user", content: request.input }] : request.input;
  const messages: Message[] = items.map(({ role, content }) => ({ role: role ?? "user", content }));
  if (typeof request.instructions === "string") messages.unshift({ role: "system", content: request.instructions });
  return { model: request.model, messages, max_tokens: request.max_output_tokens };
}
