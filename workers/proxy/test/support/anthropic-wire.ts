import type { ProviderScript } from "../provider/script.ts";

/** Payloads as Anthropic's API sends them; https://docs.anthropic.com/en/api/messages and …/streaming. */
export const anthropicUsage = {
  input_tokens: 12,
  cache_creation_input_tokens: 30,
  cache_read_input_tokens: 40,
  cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
  output_tokens: 25,
  output_tokens_details: { thinking_tokens: 5 },
  server_tool_use: null,
  service_tier: "standard",
};

export const toolUse = (id: string, name: string, input: unknown) => ({ type: "tool_use", id, name, input });

export function anthropicMessage(content: readonly unknown[], more: Record<string, unknown> = {}): ProviderScript {
  const message = {
    id: "msg_01XFDUDYJgAACzvnptvVoYEL",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5-20250929",
    content,
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: anthropicUsage,
    ...more,
  };
  return { chunks: [JSON.stringify(message)] };
}

export const anthropicEvent = (type: string, more: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

const start = anthropicEvent("message_start", {
  message: {
    id: "msg_01",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-5-20250929",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...anthropicUsage, output_tokens: 1, output_tokens_details: null },
  },
});

export const openBlock = (index: number, block: object): string =>
  anthropicEvent("content_block_start", { index, content_block: block });
export const blockDelta = (index: number, delta: object): string =>
  anthropicEvent("content_block_delta", { index, delta });
export const closeBlock = (index: number): string => anthropicEvent("content_block_stop", { index });

const end = (stopReason: string, more: object = {}): string =>
  anthropicEvent("message_delta", {
    delta: { stop_reason: stopReason, stop_sequence: null, ...more },
    usage: { output_tokens: 25, output_tokens_details: { thinking_tokens: 5 } },
  }) + anthropicEvent("message_stop");

/** A stream with these block events between its start and its end. */
export function anthropicStream(
  blocks: readonly string[],
  stopReason = "end_turn",
  delta: object = {},
): ProviderScript {
  return {
    headers: { "content-type": "text/event-stream; charset=utf-8" },
    chunks: [start, anthropicEvent("ping"), ...blocks, end(stopReason, delta)],
  };
}

export const textBlock = (words: readonly string[], index = 0): string[] => [
  openBlock(index, { type: "text", text: "" }),
  ...words.map((text) => blockDelta(index, { type: "text_delta", text })),
  closeBlock(index),
];

export const toolBlock = (index: number, id: string, name: string, json: readonly string[]): string[] => [
  openBlock(index, { type: "tool_use", id, name, input: {} }),
  blockDelta(index, { type: "input_json_delta", partial_json: "" }),
  ...json.map((part) => blockDelta(index, { type: "input_json_delta", partial_json: part })),
  closeBlock(index),
];

export const thinkingBlock = (index: number, words: readonly string[], signature: string): string[] => [
  openBlock(index, { type: "thinking", thinking: "", signature: "" }),
  ...words.map((thinking) => blockDelta(index, { type: "thinking_delta", thinking })),
  blockDelta(index, { type: "signature_delta", signature }),
  closeBlock(index),
];
