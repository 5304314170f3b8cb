import type { ProviderScript } from "../provider/script.ts";

/** A chat answer of the OpenAI wire. */
export function chatAnswer(text = "Hello there", usage: unknown = usageOf(10, 5)): ProviderScript {
  return {
    chunks: [
      JSON.stringify({
        id: "chatcmpl-1",
        object: "chat.completion",
        created: 1,
        model: "upstream",
        vendor_field: { kept: true },
        choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
        ...(usage === undefined ? {} : { usage }),
      }),
    ],
  };
}

export function usageOf(prompt: number, completion: number, cached = 0): Record<string, unknown> {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached },
  };
}

export const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

const chunk = (choices: unknown, more: object = {}): string =>
  data({ id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "upstream", choices, ...more });

export const roleChunk = chunk([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]);
export const textChunk = (text: string): string => chunk([{ index: 0, delta: { content: text }, finish_reason: null }]);
export const finishChunk = chunk([{ index: 0, delta: {}, finish_reason: "stop" }]);
export const usageChunk = (usage: unknown = usageOf(10, 5)): string => chunk([], { usage });
export const doneFrame = "data: [DONE]\n\n";

/** A chat stream of the OpenAI wire, chunk by chunk as sent. */
export function chatStream(chunks: readonly string[], more: Partial<ProviderScript> = {}): ProviderScript {
  return { headers: { "content-type": "text/event-stream" }, chunks, ...more };
}

export const wholeStream = (words: readonly string[] = ["Hel", "lo"]): string[] => [
  roleChunk,
  ...words.map(textChunk),
  finishChunk,
  usageChunk(),
  doneFrame,
];

/** The data of the events in a body. */
export function eventsOf(body: string): string[] {
  return body
    .split("\n\n")
    .filter((block) => block.startsWith("data: "))
    .map((block) => block.slice(6));
}
