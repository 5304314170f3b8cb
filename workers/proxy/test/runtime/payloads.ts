import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import type { ProviderScript } from "../provider/script.ts";
import { anthropicMessage, anthropicStream, textBlock, toolBlock, toolUse } from "../support/anthropic-wire.ts";
import {
  chatAnswer,
  chatStream,
  data,
  doneFrame,
  finishChunk,
  roleChunk,
  textChunk,
  usageChunk,
  usageOf,
} from "../support/wire.ts";

/** The same answers as three kinds of providers give them. */
export interface Payloads {
  readonly kind: PlannedEndpoint["kind"];
  readonly text: (text: string) => ProviderScript;
  readonly stream: (words: readonly string[]) => ProviderScript;
  readonly calls: ProviderScript;
  readonly callStream: ProviderScript;
}

const json = (value: unknown): ProviderScript => ({ chunks: [JSON.stringify(value)] });
const chunk = (delta: object): string => data({ id: "c", choices: [{ index: 0, delta, finish_reason: null }] });
const openAiCall = (index: number, id: string, city: string) => ({
  index,
  id,
  type: "function",
  function: { name: "weather", arguments: JSON.stringify({ city }) },
});

const openai: Payloads = {
  kind: "openai-compatible",
  text: (text) => chatAnswer(text),
  stream: (words) => chatStream([roleChunk, ...words.map(textChunk), finishChunk, usageChunk(), doneFrame]),
  calls: json({
    id: "c",
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: null,
          tool_calls: [openAiCall(0, "c1", "Rome"), openAiCall(1, "c2", "Oslo")],
        },
        finish_reason: "tool_calls",
      },
    ],
    usage: usageOf(10, 5),
  }),
  callStream: chatStream([
    roleChunk,
    chunk({ tool_calls: [openAiCall(0, "c1", "Rome")] }),
    chunk({ tool_calls: [openAiCall(1, "c2", "Oslo")] }),
    finishChunk.replace('"stop"', '"tool_calls"'),
    usageChunk(),
    doneFrame,
  ]),
};

const anthropic: Payloads = {
  kind: "anthropic",
  text: (text) => anthropicMessage([{ type: "text", text, citations: null }]),
  stream: (words) => anthropicStream(textBlock(words)),
  calls: anthropicMessage([toolUse("c1", "weather", { city: "Rome" }), toolUse("c2", "weather", { city: "Oslo" })], {
    stop_reason: "tool_use",
  }),
  callStream: anthropicStream(
    [...toolBlock(0, "c1", "weather", ['{"city":', '"Rome"}']), ...toolBlock(1, "c2", "weather", ['{"city":"Oslo"}'])],
    "tool_use",
  ),
};

const gemini: Payloads = {
  kind: "gemini",
  text: (text) => json(geminiAnswer([{ text }], "STOP")),
  stream: (words) => geminiStream([...words.map((text) => geminiAnswer([{ text }], null)), geminiAnswer([], "STOP")]),
  calls: json(geminiAnswer([geminiCall("c1", "Rome"), geminiCall("c2", "Oslo")], "STOP")),
  callStream: geminiStream([
    geminiAnswer([geminiCall("c1", "Rome")], null),
    geminiAnswer([geminiCall("c2", "Oslo")], "STOP"),
  ]),
};

export const PAYLOADS: readonly Payloads[] = [openai, anthropic, gemini];

function geminiCall(id: string, city: string): object {
  return { functionCall: { id, name: "weather", args: { city } } };
}

function geminiAnswer(parts: readonly object[], finishReason: string | null): object {
  return {
    candidates: [{ content: { role: "model", parts }, ...(finishReason === null ? {} : { finishReason }) }],
    usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
  };
}

function geminiStream(answers: readonly object[]): ProviderScript {
  return { headers: { "content-type": "text/event-stream" }, chunks: answers.map(data) };
}
