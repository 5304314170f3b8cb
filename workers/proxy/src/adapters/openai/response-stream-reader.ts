import type { JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import { utf8Length } from "../../meter/text-size.ts";
import type { SseFrame } from "../../sse/sse-splitter.ts";
import type { ForcedFinish, FrameReading, ShownUsage, StreamReader } from "../adapter.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { sseEvent } from "../sse-event.ts";
import { COMMENT } from "./choice-stream-reader.ts";
import { readErrorStatus } from "./read-error-status.ts";
import { readUsage } from "./read-usage.ts";
import { showUsage } from "./show-usage.ts";

/** The events that end a response; they carry it whole, with its usage. */
const TERMINAL = new Set(["response.completed", "response.incomplete"]);

/**
 * Events of a responses stream (https://platform.openai.com/docs/api-reference/responses-streaming). They
 * keep their bytes, except the last, whose usage gains the price.
 */
export class ResponseStreamReader implements StreamReader {
  #response: JsonObject = {};
  #sequence = 0;

  read(frame: SseFrame): FrameReading {
    if (frame.data === null) return COMMENT;
    if (frame.data === "[DONE]") return { kind: "done" };
    const event = parseOrUndefined(frame.data);
    if (!isObject(event)) return { kind: "malformed" };
    const { type, response } = event;
    if (typeof type !== "string") return isObject(event["error"]) ? errorOf(event["error"]) : { kind: "malformed" };
    if (type === "error") return errorOf(event);
    if (type === "response.failed") return errorOf(isObject(response) ? response["error"] : null);
    if (isObject(response)) this.#response = response;
    if (typeof event["sequence_number"] === "number") this.#sequence = event["sequence_number"];
    return TERMINAL.has(type) && isObject(response) ? readEnd(type, event, response) : readEvent(type, event);
  }

  close(forced: ForcedFinish | null, usage: ShownUsage): string {
    if (forced === null) return "";
    const reason = forced === "length" ? "max_output_tokens" : "cancelled";
    const response = {
      ...this.#response,
      status: "incomplete",
      incomplete_details: { reason },
      usage: showUsage(null, usage, "input"),
    };
    const type = "response.incomplete";
    return sseEvent({ type, sequence_number: this.#sequence + 1, response }, type);
  }
}

function readEvent(type: string, event: JsonObject): FrameReading {
  const { delta } = event;
  const producedBytes = type.endsWith(".delta") && typeof delta === "string" ? utf8Length(delta) : 0;
  const isImage = type.startsWith("response.image_generation_call.partial_image");
  return { ...COMMENT, kind: producedBytes > 0 || isImage ? "content" : "lifecycle", producedBytes };
}

function readEnd(type: string, event: JsonObject, response: JsonObject): FrameReading {
  return {
    kind: "content",
    producedBytes: 0,
    usage: readUsage(response["usage"]),
    finishReason: typeof response["status"] === "string" ? response["status"] : type,
    shown: (usage) =>
      sseEvent({ ...event, response: { ...response, usage: showUsage(response["usage"], usage, "input") } }, type),
  };
}

function errorOf(error: unknown): FrameReading {
  return { kind: "error", status: readErrorStatus(error) };
}
