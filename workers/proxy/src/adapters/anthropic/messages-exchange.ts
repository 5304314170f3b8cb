import { ok } from "@aggregator/contracts/result";
import { locateMembers, spliceMembers } from "@aggregator/runtime/parse-json";
import { refuseFeeTools } from "../../domain/refuse-fee-tools.ts";
import { loweredLimit } from "../../domain/output-ceiling.ts";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import type { SseFrame } from "../../sse/sse-splitter.ts";
import { textOf } from "../../protocols/chat/collect-message.ts";
import { utf8Length } from "../../meter/text-size.ts";
import type { ChunkReading, Exchange, ForcedFinish, FrameReading, ShownUsage, StreamReader } from "../adapter.ts";
import { COMMENT } from "../openai/choice-stream-reader.ts";
import { readRefusal } from "../openai/read-refusal.ts";
import { readFailure } from "./read-failure.ts";
import { showCost } from "../openai/show-usage.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { sseEvent } from "../sse-event.ts";
import { errorStatusOf } from "./error-status.ts";
import { mergeUsage } from "./message-source.ts";
import { readOpeningUsage, readUsage } from "./read-usage.ts";
import { readWhole } from "./read-whole.ts";
import { messagesHeaders, messagesUrl } from "./upstream.ts";

/** Anthropic's own clients at Anthropic: everything passes untouched but the model, the limit and the price in the usage. */
export const messagesExchange: Exchange = {
  refuse: refuseFeeTools,
  buildRequest(request, endpoint) {
    const changes = new Map<string, string | null>([
      ["model", JSON.stringify(endpoint.upstreamModel)],
      ["models", null],
      ["provider", null],
    ]);
    const limit = loweredLimit(request, endpoint);
    if (limit !== null) changes.set("max_tokens", String(limit));
    return ok({
      url: messagesUrl(endpoint),
      headers: messagesHeaders(endpoint, request),
      body: spliceMembers(request.text, request.members, changes),
    });
  },
  readAnswer(text) {
    const value = parseOrUndefined(text);
    if (!isObject(value) || !isArray(value["content"])) return null;
    const usage = isObject(value["usage"]) ? value["usage"] : null;
    return {
      usage: readUsage(usage),
      finishReason: typeof value["stop_reason"] === "string" ? value["stop_reason"] : null,
      produced: () => {
        const parts = readWhole(value)?.parts ?? [];
        return { bytes: utf8Length(textOf(parts, "text") + textOf(parts, "reasoning")), pieces: 1 };
      },
      render: (shown) =>
        spliceMembers(
          text,
          locateMembers(text),
          new Map([["usage", JSON.stringify({ ...(usage ?? ownUsage(shown)), ...showCost(shown) })]]),
        ),
    };
  },
  openStream: () => new MessageStreamReader(),
  readRefusal,
  readFailure,
};

/** Events keep their bytes, except the one that carries the usage at the end. */
class MessageStreamReader implements StreamReader {
  #usage: JsonObject = {};
  #openBlock: number | null = null;

  read(frame: SseFrame): FrameReading {
    if (frame.data === null) return COMMENT;
    const event = parseOrUndefined(frame.data);
    if (!isObject(event) || typeof event["type"] !== "string") return { kind: "malformed" };
    switch (event["type"]) {
      case "message_start":
        if (isObject(event["message"])) this.#usage = mergeUsage({}, event["message"]["usage"]);
        return { ...COMMENT, usage: readOpeningUsage(this.#usage) };
      case "content_block_start":
        this.#openBlock = typeof event["index"] === "number" ? event["index"] : 0;
        return COMMENT;
      case "content_block_delta":
        return deltaReading(event["delta"]);
      case "content_block_stop":
        this.#openBlock = null;
        return COMMENT;
      case "message_delta":
        return this.#readEnd(event);
      case "message_stop":
        return { kind: "done" };
      case "error":
        return { kind: "error", status: errorStatusOf(event["error"]) };
      default:
        return COMMENT;
    }
  }

  #readEnd(event: JsonObject): ChunkReading {
    this.#usage = mergeUsage(this.#usage, event["usage"]);
    const delta = isObject(event["delta"]) ? event["delta"] : {};
    const reported = isObject(event["usage"]) ? event["usage"] : {};
    return {
      kind: "content",
      producedBytes: 0,
      usage: readUsage(this.#usage),
      finishReason: typeof delta["stop_reason"] === "string" ? delta["stop_reason"] : null,
      shown: (usage) => sseEvent({ ...event, usage: { ...reported, ...showCost(usage) } }, "message_delta"),
    };
  }

  close(forced: ForcedFinish | null, usage: ShownUsage): string {
    const stop = sseEvent({ type: "message_stop" }, "message_stop");
    if (forced === null) return stop;
    const open = this.#openBlock;
    const block = open === null ? "" : sseEvent({ type: "content_block_stop", index: open }, "content_block_stop");
    const delta = { stop_reason: forced === "length" ? "max_tokens" : "end_turn", stop_sequence: null };
    const end = { type: "message_delta", delta, usage: { ...ownUsage(usage), ...showCost(usage) } };
    return `${block}${sseEvent(end, "message_delta")}${stop}`;
  }
}

function deltaReading(delta: unknown): ChunkReading {
  if (!isObject(delta)) return COMMENT;
  const text = delta["text"] ?? delta["thinking"] ?? delta["partial_json"];
  const producedBytes = typeof text === "string" ? utf8Length(text) : 0;
  return { ...COMMENT, kind: producedBytes > 0 ? "content" : "lifecycle", producedBytes };
}

/** Usage in Anthropic's names, for where it reported none. */
export function ownUsage(shown: ShownUsage): JsonObject {
  return {
    input_tokens: shown.inputTokens - shown.cachedInputTokens - shown.cacheWriteTokens,
    cache_creation_input_tokens: shown.cacheWriteTokens,
    cache_read_input_tokens: shown.cachedInputTokens,
    output_tokens: shown.outputTokens,
  };
}
