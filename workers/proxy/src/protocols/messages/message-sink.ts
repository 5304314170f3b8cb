import { sseEvent } from "../../adapters/sse-event.ts";
import type { ShownUsage } from "../../adapters/adapter.ts";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import type { AnswerHead, AnswerPart, FinishReason } from "../../translate/answer-part.ts";
import type { AnswerSink } from "../../translate/wires.ts";
import { messageDelta, messageHead } from "./message-shape.ts";

/** Parts as the events of Anthropic's streams: blocks are opened, filled and closed one after the other. */
export class MessageSink implements AnswerSink {
  readonly #head: AnswerHead;
  #hasStarted = false;
  /** What the open block holds (`text`, `thinking`, or the call's number); null when none is open. */
  #open: string | null = null;
  #index = -1;

  constructor(head: AnswerHead) {
    this.#head = head;
  }

  write(parts: readonly AnswerPart[]): string {
    return this.#start() + parts.map((part) => this.#writePart(part)).join("");
  }

  close(finish: FinishReason, usage: ShownUsage): string {
    const end = sseEvent(messageDelta(finish, usage), "message_delta");
    return `${this.#start()}${this.#closeBlock()}${end}${sseEvent({ type: "message_stop" }, "message_stop")}`;
  }

  #start(): string {
    if (this.#hasStarted) return "";
    this.#hasStarted = true;
    const usage = { input_tokens: 0, output_tokens: 0 };
    const message = { ...messageHead(this.#head), content: [], stop_reason: null, stop_sequence: null, usage };
    return sseEvent({ type: "message_start", message }, "message_start");
  }

  #writePart(part: AnswerPart): string {
    switch (part.type) {
      case "text":
      case "refusal":
        return this.#in("text", { type: "text", text: "" }) + this.#delta({ type: "text_delta", text: part.text });
      case "reasoning":
        return this.#inThinking() + this.#delta({ type: "thinking_delta", thinking: part.text });
      case "signature":
        return this.#inThinking() + this.#delta({ type: "signature_delta", signature: part.signature });
      case "encrypted":
        // Only Anthropic's own thoughts have a place in this wire.
        return part.format === "anthropic-claude-v1"
          ? this.#in(`encrypted ${part.index}`, { type: "redacted_thinking", data: part.data })
          : "";
      case "tool_call":
        return this.#in(`call ${part.index}`, { type: "tool_use", id: part.id, name: part.name, input: {} });
      case "tool_arguments":
        return this.#open === `call ${part.index}`
          ? this.#delta({ type: "input_json_delta", partial_json: part.text })
          : "";
    }
  }

  #inThinking(): string {
    return this.#in("thinking", { type: "thinking", thinking: "", signature: "" });
  }

  #in(name: string, block: JsonObject): string {
    if (this.#open === name) return "";
    const closed = this.#closeBlock();
    this.#open = name;
    this.#index += 1;
    const start = { type: "content_block_start", index: this.#index, content_block: block };
    return closed + sseEvent(start, "content_block_start");
  }

  #delta(delta: JsonObject): string {
    return sseEvent({ type: "content_block_delta", index: this.#index, delta }, "content_block_delta");
  }

  #closeBlock(): string {
    if (this.#open === null) return "";
    this.#open = null;
    return sseEvent({ type: "content_block_stop", index: this.#index }, "content_block_stop");
  }
}
