import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isArray, isObject } from "../../endpoints/read-field.ts";
import { utf8Length } from "../../meter/text-size.ts";
import type { SseFrame } from "../../sse/sse-splitter.ts";
import type { ChunkReading, ForcedFinish, FrameReading, Shown, ShownUsage, StreamReader } from "../adapter.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { sseEvent } from "../sse-event.ts";
import { measureMessage } from "./measure-choices.ts";
import { readErrorStatus } from "./read-error-status.ts";
import { readUsage } from "./read-usage.ts";
import { showUsage } from "./show-usage.ts";

/** A frame without data, such as OpenRouter's `: OPENROUTER PROCESSING`. */
export const COMMENT: ChunkReading = {
  kind: "lifecycle",
  producedBytes: 0,
  usage: null,
  finishReason: null,
  shown: "as_is",
};

/** The two endpoints whose streams are chunks with `choices`. */
export interface ChoiceWire {
  readonly object: string;
  /** Produced text of a choice, in bytes. */
  measure(choice: JsonObject): number;
  /** A choice that produced something other than text. */
  hasMedia(choice: JsonObject): boolean;
  lastChoice(finish: string): JsonObject;
}

export const chatChoices: ChoiceWire = {
  object: "chat.completion.chunk",
  measure: (choice) => measureMessage(choice["delta"]),
  hasMedia: ({ delta }) => isObject(delta) && (isObject(delta["audio"]) || isArray(delta["images"])),
  lastChoice: (finish) => ({ index: 0, delta: {}, finish_reason: finish }),
};

export const completionChoices: ChoiceWire = {
  object: "text_completion",
  measure: ({ text }) => (typeof text === "string" ? utf8Length(text) : 0),
  hasMedia: () => false,
  lastChoice: (finish) => ({ index: 0, text: "", finish_reason: finish, logprobs: null }),
};

/**
 * Chunks of a chat or completion stream. Chunks that need no change keep their bytes; the usage is
 * shown, with its price, only to a client that asked for it.
 */
export class ChoiceStreamReader implements StreamReader {
  readonly #wire: ChoiceWire;
  readonly #includeUsage: boolean;
  #envelope: JsonObject = {};
  #usageWasShown = false;

  constructor(wire: ChoiceWire, includeUsage: boolean) {
    this.#wire = wire;
    this.#includeUsage = includeUsage;
  }

  read(frame: SseFrame): FrameReading {
    if (frame.data === null) return COMMENT;
    if (frame.data === "[DONE]") return { kind: "done" };
    const chunk = parseOrUndefined(frame.data);
    if (!isObject(chunk)) return { kind: "malformed" };
    const { error, choices } = chunk;
    if (error !== undefined && error !== null) return { kind: "error", status: readErrorStatus(error) };
    return isArray(choices) ? this.#readChunk(chunk, choices) : { kind: "malformed" };
  }

  #readChunk(chunk: JsonObject, choices: readonly unknown[]): FrameReading {
    let producedBytes = 0;
    let finishReason: string | null = null;
    let isContent = false;
    for (const choice of choices) {
      if (!isObject(choice)) continue;
      producedBytes += this.#wire.measure(choice);
      isContent ||= this.#wire.hasMedia(choice);
      if (typeof choice["finish_reason"] === "string") finishReason = choice["finish_reason"];
    }
    this.#remember(chunk);
    return {
      kind: isContent || producedBytes > 0 || finishReason !== null ? "content" : "lifecycle",
      producedBytes,
      usage: readUsage(chunk["usage"]),
      finishReason,
      shown: isObject(chunk["usage"]) ? this.#showUsage(chunk, choices) : "as_is",
    };
  }

  #showUsage(chunk: JsonObject, choices: readonly unknown[]): Shown {
    if (this.#includeUsage) {
      this.#usageWasShown = true;
      return (usage) => sseEvent({ ...chunk, usage: showUsage(chunk["usage"], usage, "prompt") });
    }
    if (choices.length === 0) return "hidden";
    const { usage: _, ...rest } = chunk;
    return { events: sseEvent(rest) };
  }

  #remember(chunk: JsonObject): void {
    if (this.#envelope["id"] !== undefined) return;
    this.#envelope = {
      id: chunk["id"] ?? "",
      object: this.#wire.object,
      created: chunk["created"] ?? 0,
      model: chunk["model"] ?? "",
    };
  }

  close(forced: ForcedFinish | null, usage: ShownUsage): string {
    let events = "";
    if (forced !== null) events += sseEvent({ ...this.#envelope, choices: [this.#wire.lastChoice(forced)] });
    if (this.#includeUsage && !this.#usageWasShown) {
      events += sseEvent({ ...this.#envelope, choices: [], usage: showUsage(null, usage, "prompt") });
    }
    return `${events}data: [DONE]\n\n`;
  }
}
