import { anthropicWire } from "../adapters/anthropic/wire.ts";
import type { ShownUsage } from "../adapters/adapter.ts";
import { openAiChatWire } from "../adapters/openai/chat-wire.ts";
import { parseOrUndefined } from "../adapters/parse-or-undefined.ts";
import type { InferenceRequest } from "../endpoints/inference-request.ts";
import { formatUsd } from "@aggregator/money/usd-decimal";
import type { ReportedCounts } from "../meter/reported-counts.ts";
import { chatClient } from "../protocols/chat/chat-client.ts";
import { messagesClient } from "../protocols/messages/messages-client.ts";
import { SseSplitter } from "../sse/sse-splitter.ts";
import type { AnswerPart, FinishReason, WholeAnswer } from "../translate/answer-part.ts";
import { headOf } from "../translate/translate-exchange.ts";
import type { ClientWire, ProviderWire } from "../translate/wires.ts";

/** The wires of which an answer can be read and written again. */
function wireOf({
  protocol,
  choices,
}: InferenceRequest): { readonly read: ProviderWire; readonly write: ClientWire } | null {
  if (choices !== 1) return null;
  if (protocol === "openai-chat") return { read: openAiChatWire, write: chatClient };
  return protocol === "anthropic-messages" ? { read: anthropicWire, write: messagesClient } : null;
}

/** A complete answer as the stream that this client would have got; null where that cannot be told. */
export function streamFromJson(text: string, request: InferenceRequest): string | null {
  const wire = wireOf(request);
  const answer = wire?.read.readWhole(parseOrUndefined(text)) ?? null;
  if (wire === null || answer === null) return null;
  const sink = wire.write.openSink(headOf(request), request);
  return sink.write(answer.parts) + sink.close(answer.finish, freeUsage(answer.usage));
}

/** A stream as the complete answer that this client would have got; null where that cannot be told. */
export function jsonFromStream(text: string, request: InferenceRequest): string | null {
  const wire = wireOf(request);
  const answer = wire === null ? null : collect(text, wire.read);
  if (wire === null || answer === null) return null;
  return JSON.stringify(wire.write.renderWhole(answer, headOf(request), freeUsage(answer.usage)));
}

function collect(text: string, wire: ProviderWire): WholeAnswer | null {
  const bytes = new TextEncoder().encode(text);
  const source = wire.openSource();
  const parts: AnswerPart[] = [];
  let finish: FinishReason | null = null;
  let usage: ReportedCounts | null = null;
  for (const frame of new SseSplitter(bytes.length + 1).push(bytes)) {
    const reading = source.read(frame);
    if (reading.kind === "done") break;
    if (reading.kind !== "parts") return null;
    parts.push(...reading.parts);
    finish = reading.finish ?? finish;
    usage = reading.usage ?? usage;
  }
  return finish === null ? null : { parts, finish, usage };
}

function freeUsage(usage: ReportedCounts | null): ShownUsage {
  const count = (value: unknown) => (typeof value === "number" ? value : 0);
  return {
    inputTokens: count(usage?.input),
    outputTokens: count(usage?.output),
    cachedInputTokens: count(usage?.cachedInput),
    cacheWriteTokens: count(usage?.cacheWrite) + count(usage?.cacheWrite5m) + count(usage?.cacheWrite1h),
    reasoningTokens: count(usage?.reasoning),
    priceNanoUsd: 0,
  };
}

/** The answer with another price. Inside a text of the model the quotes would be escaped. */
export function withPrice(text: string, priceNanoUsd: number): string {
  return text
    .replace(/(?<!\\)"cost_nano_usd":\d+/g, `"cost_nano_usd":${priceNanoUsd}`)
    .replace(/(?<!\\)"cost":"[\d.]+"/g, `"cost":"${formatUsd(priceNanoUsd)}"`);
}
