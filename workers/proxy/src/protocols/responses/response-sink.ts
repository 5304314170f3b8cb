import type { ShownUsage } from "../../adapters/adapter.ts";
import { sseEvent } from "../../adapters/sse-event.ts";
import type { InferenceRequest, JsonObject } from "../../endpoints/inference-request.ts";
import type { AnswerHead, AnswerPart, FinishReason } from "../../translate/answer-part.ts";
import type { AnswerSink } from "../../translate/wires.ts";
import { callItem, echoOf, messageItem, reasoningItem, responseOf, textPart } from "./response-shape.ts";

/** The item that is being written. */
type OpenItem =
  | { readonly kind: "text" | "reasoning"; text: string }
  | { readonly kind: "call"; readonly index: number; readonly id: string; readonly name: string; text: string };

/** Parts as the events of a responses stream: items and their parts are added, filled and done one after the other. */
export class ResponseSink implements AnswerSink {
  readonly #head: AnswerHead;
  readonly #echo: JsonObject;
  readonly #output: JsonObject[] = [];
  #sequence = 0;
  #hasStarted = false;
  #open: OpenItem | null = null;

  constructor(head: AnswerHead, request: InferenceRequest) {
    this.#head = head;
    this.#echo = echoOf(request);
  }

  write(parts: readonly AnswerPart[]): string {
    return this.#start() + parts.map((part) => this.#writePart(part)).join("");
  }

  close(finish: FinishReason, usage: ShownUsage): string {
    const opening = this.#start() + this.#closeItem();
    const response = { ...responseOf(this.#head, finish, this.#output, usage), ...this.#echo };
    const type = response["status"] === "incomplete" ? "response.incomplete" : "response.completed";
    return opening + this.#event(type, { response });
  }

  #start(): string {
    if (this.#hasStarted) return "";
    this.#hasStarted = true;
    const response = { ...responseOf(this.#head, null, [], null), ...this.#echo };
    return this.#event("response.created", { response }) + this.#event("response.in_progress", { response });
  }

  #writePart(part: AnswerPart): string {
    switch (part.type) {
      case "text":
      case "refusal":
        return this.#fill({ kind: "text", text: "" }, part.text);
      case "reasoning":
        return this.#fill({ kind: "reasoning", text: "" }, part.text);
      case "tool_call":
        return this.#openItem({ kind: "call", index: part.index, id: part.id, name: part.name, text: "" });
      case "tool_arguments":
        return this.#open?.kind === "call" && this.#open.index === part.index ? this.#delta(this.#open, part.text) : "";
      case "signature":
      case "encrypted":
        return "";
    }
  }

  #fill(item: OpenItem, text: string): string {
    const opened = this.#open?.kind === item.kind ? "" : this.#openItem(item);
    return this.#open === null ? opened : opened + this.#delta(this.#open, text);
  }

  #openItem(item: OpenItem): string {
    const closed = this.#closeItem();
    this.#open = item;
    const added = this.#event("response.output_item.added", {
      ...this.#place(),
      item: this.#itemOf(item, "in_progress"),
    });
    if (item.kind === "call") return closed + added;
    const part = item.kind === "text" ? textPart("") : { type: "summary_text", text: "" };
    return closed + added + this.#event(`${partEvent(item)}.added`, { ...this.#partPlace(item), part });
  }

  #delta(item: OpenItem, delta: string): string {
    item.text += delta;
    return this.#event(`${textEvent(item)}.delta`, { ...this.#partPlace(item), delta });
  }

  #closeItem(): string {
    const item = this.#open;
    if (item === null) return "";
    this.#open = null;
    const whole = this.#itemOf(item, "completed");
    const text = item.kind === "call" ? { arguments: item.text, name: item.name } : { text: item.text };
    let events = this.#event(`${textEvent(item)}.done`, { ...this.#partPlace(item), ...text });
    if (item.kind !== "call") {
      const part = item.kind === "text" ? textPart(item.text) : { type: "summary_text", text: item.text };
      events += this.#event(`${partEvent(item)}.done`, { ...this.#partPlace(item), part });
    }
    events += this.#event("response.output_item.done", { ...this.#place(), item: whole });
    this.#output.push(whole);
    return events;
  }

  #itemOf(item: OpenItem, status: "in_progress" | "completed"): JsonObject {
    switch (item.kind) {
      case "text":
        return { ...messageItem(this.#head, item.text), status, ...(status === "completed" ? {} : { content: [] }) };
      case "reasoning":
        return { ...reasoningItem(this.#head, item.text), ...(status === "completed" ? {} : { summary: [] }) };
      case "call":
        return {
          ...callItem({ id: item.id, name: item.name, argumentsText: item.text }),
          status,
          ...(status === "completed" ? {} : { arguments: "" }),
        };
    }
  }

  #place(): JsonObject {
    return { output_index: this.#output.length };
  }

  #partPlace(item: OpenItem): JsonObject {
    const id = this.#itemOf(item, "in_progress")["id"];
    switch (item.kind) {
      case "text":
        return { item_id: id, ...this.#place(), content_index: 0, logprobs: [] };
      case "reasoning":
        return { item_id: id, ...this.#place(), summary_index: 0 };
      case "call":
        return { item_id: id, ...this.#place() };
    }
  }

  #event(type: string, more: JsonObject): string {
    const event = sseEvent({ type, sequence_number: this.#sequence, ...more }, type);
    this.#sequence += 1;
    return event;
  }
}

function partEvent(item: OpenItem): string {
  return item.kind === "reasoning" ? "response.reasoning_summary_part" : "response.content_part";
}

function textEvent(item: OpenItem): string {
  switch (item.kind) {
    case "text":
      return "response.output_text";
    case "reasoning":
      return "response.reasoning_summary_text";
    case "call":
      return "response.function_call_arguments";
  }
}
