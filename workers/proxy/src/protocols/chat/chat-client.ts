import { ok } from "@aggregator/contracts/result";
import type { JsonObject } from "../../endpoints/inference-request.ts";
import { showUsage } from "../../adapters/openai/show-usage.ts";
import { sseEvent } from "../../adapters/sse-event.ts";
import type { ShownUsage } from "../../adapters/adapter.ts";
import type { AnswerHead, AnswerPart, FinishReason } from "../../translate/answer-part.ts";
import type { AnswerSink, ClientWire } from "../../translate/wires.ts";
import { collectMessage } from "./collect-message.ts";
import { deltaOf } from "./delta-of.ts";

/** A client of OpenAI's chat wire, served by a provider of another. */
export const chatClient: ClientWire = {
  toChat: (request) => ok(request.body),
  renderWhole: (answer, head, usage) => ({
    id: `chatcmpl-${head.id}`,
    object: "chat.completion",
    created: head.createdSeconds,
    model: head.model,
    choices: [{ index: 0, message: collectMessage(answer.parts), logprobs: null, finish_reason: answer.finish }],
    usage: showUsage(null, usage, "prompt"),
  }),
  openSink: (head, request) => new ChatSink(head, request.includeUsage),
};

class ChatSink implements AnswerSink {
  readonly #head: AnswerHead;
  readonly #includeUsage: boolean;
  #hasRole = false;

  constructor(head: AnswerHead, includeUsage: boolean) {
    this.#head = head;
    this.#includeUsage = includeUsage;
  }

  write(parts: readonly AnswerPart[]): string {
    let events = "";
    for (const part of parts) {
      const role = this.#hasRole ? {} : { role: "assistant" };
      this.#hasRole = true;
      events += this.#chunk([{ index: 0, delta: { ...role, ...deltaOf(part) }, finish_reason: null }]);
    }
    return events;
  }

  close(finish: FinishReason, usage: ShownUsage): string {
    let events = this.#chunk([{ index: 0, delta: {}, finish_reason: finish }]);
    if (this.#includeUsage) events += this.#chunk([], { usage: showUsage(null, usage, "prompt") });
    return `${events}data: [DONE]\n\n`;
  }

  #chunk(choices: readonly JsonObject[], more: JsonObject = {}): string {
    const { id, createdSeconds, model } = this.#head;
    return sseEvent({
      id: `chatcmpl-${id}`,
      object: "chat.completion.chunk",
      created: createdSeconds,
      model,
      choices,
      ...more,
    });
  }
}
