import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import type { SseFrame } from "../../sse/sse-splitter.ts";
import type { ForcedFinish, FrameReading, Shown, ShownUsage, StreamReader } from "../adapter.ts";
import { measureMessage } from "./measure-choices.ts";
import { readUsage } from "./read-usage.ts";
import { showUsage } from "./show-usage.ts";

const COMMENT: FrameReading = {
  kind: "lifecycle",
  producedBytes: 0,
  usage: null,
  finishReason: null,
  shown: "as_is",
};

/**
 * Chunks of a chat stream. Chunks that need no change keep their bytes; the usage is shown, with its
 * price, only to a client that asked for it.
 */
export class ChatStreamReader implements StreamReader {
  readonly #includeUsage: boolean;
  #envelope: JsonObject = {};
  #usageWasShown = false;

  constructor(includeUsage: boolean) {
    this.#includeUsage = includeUsage;
  }

  read(frame: SseFrame): FrameReading {
    if (frame.data === null) return COMMENT;
    if (frame.data === "[DONE]") return { kind: "done" };
    const chunk = parse(frame.data);
    if (!isObject(chunk)) return { kind: "malformed" };
    if (chunk["error"] !== undefined && chunk["error"] !== null) return errorOf(chunk["error"]);
    if (!Array.isArray(chunk["choices"])) return { kind: "malformed" };
    return this.#readChunk(chunk, chunk["choices"]);
  }

  #readChunk(chunk: JsonObject, choices: readonly unknown[]): FrameReading {
    let producedBytes = 0;
    let finishReason: string | null = null;
    let isContent = false;
    for (const choice of choices) {
      if (!isObject(choice)) continue;
      const delta = choice["delta"];
      producedBytes += measureMessage(delta);
      if (hasMedia(delta)) isContent = true;
      if (typeof choice["finish_reason"] === "string") finishReason = choice["finish_reason"];
    }
    this.#remember(chunk);
    return {
      kind: isContent || producedBytes > 0 || finishReason !== null ? "content" : "lifecycle",
      producedBytes,
      usage: readUsage(chunk["usage"]),
      finishReason,
      shown: this.#shown(chunk, choices),
    };
  }

  #shown(chunk: JsonObject, choices: readonly unknown[]): Shown {
    if (!isObject(chunk["usage"])) return "as_is";
    if (this.#includeUsage) this.#usageWasShown = true;
    return show(chunk, choices, this.#includeUsage);
  }

  #remember(chunk: JsonObject): void {
    if (this.#envelope["id"] !== undefined) return;
    this.#envelope = {
      id: chunk["id"] ?? "",
      object: "chat.completion.chunk",
      created: chunk["created"] ?? 0,
      model: chunk["model"] ?? "",
    };
  }

  close(forced: ForcedFinish | null, usage: ShownUsage): string {
    let events = "";
    if (forced !== null) {
      events += event({ ...this.#envelope, choices: [{ index: 0, delta: {}, finish_reason: forced }] });
    }
    if (this.#includeUsage && !this.#usageWasShown) {
      events += event({ ...this.#envelope, choices: [], usage: showUsage(null, usage) });
    }
    return `${events}data: [DONE]\n\n`;
  }
}

function show(chunk: JsonObject, choices: readonly unknown[], includeUsage: boolean): Shown {
  if (includeUsage) return (usage) => event({ ...chunk, usage: showUsage(chunk["usage"], usage) });
  if (choices.length === 0) return "hidden";
  const { usage: _, ...rest } = chunk;
  return () => event(rest);
}

function errorOf(error: unknown): FrameReading {
  const code = isObject(error) ? (error["code"] ?? error["status"]) : null;
  const status = Number(code);
  return { kind: "error", status: Number.isInteger(status) && status >= 400 && status <= 599 ? status : null };
}

/** Audio or images in a delta: produced, but not text. */
function hasMedia(delta: unknown): boolean {
  return isObject(delta) && (isObject(delta["audio"]) || Array.isArray(delta["images"]));
}

function event(value: JsonObject): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
