import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import { utf8Length } from "../../meter/text-size.ts";
import type { ReportedCounts } from "../../meter/reported-counts.ts";
import type { SseFrame } from "../../sse/sse-splitter.ts";
import type { ForcedFinish, FrameReading, ShownUsage, StreamReader } from "../adapter.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { sseEvent } from "../sse-event.ts";
import { COMMENT } from "./choice-stream-reader.ts";
import { readErrorStatus } from "./read-error-status.ts";
import { showUsage } from "./show-usage.ts";

/**
 * Streams of pictures, speech and transcripts: typed events of which the last (`…completed`, `…done`) has
 * the usage. Events keep their bytes, the last gains the price.
 */
export class TypedEventReader implements StreamReader {
  readonly #countsOf: (value: JsonObject) => ReportedCounts | null;

  constructor(countsOf: (value: JsonObject) => ReportedCounts | null) {
    this.#countsOf = countsOf;
  }

  read(frame: SseFrame): FrameReading {
    if (frame.data === null) return COMMENT;
    if (frame.data === "[DONE]") return { kind: "done" };
    const event = parseOrUndefined(frame.data);
    if (!isObject(event)) return { kind: "malformed" };
    const { type } = event;
    if (isObject(event["error"])) return { kind: "error", status: readErrorStatus(event["error"]) };
    if (typeof type !== "string") return { kind: "malformed" };
    if (type === "error") return { kind: "error", status: readErrorStatus(event) };
    return type.endsWith(".completed") || type.endsWith(".done") ? this.#readEnd(event) : readEvent(type, event);
  }

  #readEnd(event: JsonObject): FrameReading {
    return {
      kind: "content",
      producedBytes: 0,
      usage: this.#countsOf(event),
      finishReason: "stop",
      shown: (usage) => sseEvent({ ...event, usage: showUsage(event["usage"], usage, "input") }, String(event["type"])),
    };
  }

  close(_forced: ForcedFinish | null, _usage: ShownUsage): string {
    return "";
  }
}

function readEvent(type: string, event: JsonObject): FrameReading {
  const text = type.endsWith(".text.delta") && typeof event["delta"] === "string" ? event["delta"] : "";
  const isContent = type.endsWith(".delta") || type.endsWith(".partial_image");
  return { ...COMMENT, kind: isContent ? "content" : "lifecycle", producedBytes: utf8Length(text) };
}
