import type { PlannedEndpoint } from "@aggregator/contracts/orchestrator";
import { ok, type Result } from "@aggregator/contracts/result";
import type { InferenceRequest, JsonObject } from "../../endpoints/inference-request.ts";
import { isObject } from "../../endpoints/read-field.ts";
import type { ReportedCounts } from "../../meter/reported-counts.ts";
import { utf8Length } from "../../meter/text-size.ts";
import type { AnswerReading, Exchange, UpstreamRequest } from "../adapter.ts";
import { parseOrUndefined } from "../parse-or-undefined.ts";
import { readFailure } from "./read-failure.ts";
import { readRefusal } from "./read-refusal.ts";
import { readUsage } from "./read-usage.ts";
import { showUsage } from "./show-usage.ts";
import { TypedEventReader } from "./typed-event-reader.ts";
import { credentialHeaders, upstreamUrl } from "./upstream.ts";

const TEXT = "text/plain; charset=utf-8";

/** Transcripts. Plain text is asked for as JSON, since only that tells the usage, and given as text. */
export const transcriptionExchange: Exchange = {
  buildRequest,
  readAnswer,
  openStream: () => new TypedEventReader((event) => countsOf(event)),
  acceptsText: true,
  readRefusal,
  readFailure,
};

function buildRequest(request: InferenceRequest, endpoint: PlannedEndpoint): Result<UpstreamRequest, never> {
  const form = new FormData();
  for (const [name, value] of request.form?.entries() ?? []) {
    if (name === "models" || name === "provider") continue;
    if (name === "model") form.append("model", endpoint.upstreamModel);
    else if (name === "response_format" && value === "text") form.append(name, "json");
    else form.append(name, value);
  }
  return ok({
    url: upstreamUrl(endpoint, "audio/transcriptions"),
    headers: {
      accept: request.stream ? "text/event-stream" : "application/json",
      ...credentialHeaders(endpoint),
    },
    body: form,
  });
}

function readAnswer(text: string, request: InferenceRequest): AnswerReading | null {
  const format = request.body["response_format"];
  if (format === "srt" || format === "vtt") return readSubtitles(text);
  const value = parseOrUndefined(text);
  if (!isObject(value) || typeof value["text"] !== "string") return null;
  const said = value["text"];
  return {
    usage: countsOf(value),
    finishReason: "stop",
    produced: () => ({ bytes: utf8Length(said), pieces: 1 }),
    ...(format === "text" ? { contentType: TEXT } : {}),
    render: (shown) =>
      format === "text" ? `${said}\n` : JSON.stringify({ ...value, usage: showUsage(value["usage"], shown, "input") }),
  };
}

/** Subtitles carry no usage; they end when the sound does. */
function readSubtitles(text: string): AnswerReading | null {
  const ends = [...text.matchAll(/-->\s*(?:(\d+):)?(\d+):(\d+)[.,](\d+)/g)];
  if (ends.length === 0 && !text.startsWith("WEBVTT")) return null;
  const [, hours = "0", minutes = "0", seconds = "0"] = ends.at(-1) ?? [];
  const last = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds) + 1;
  return {
    usage: { input: undefined, output: undefined, audioSeconds: last },
    finishReason: "stop",
    contentType: TEXT,
    produced: () => ({ bytes: utf8Length(text), pieces: ends.length }),
    render: () => text,
  };
}

/** Tokens, or how long it played: `{ "type": "duration", "seconds": 12 }`; older answers say `duration`. */
function countsOf(value: JsonObject): ReportedCounts | null {
  const usage = isObject(value["usage"]) ? value["usage"] : null;
  if (usage?.["type"] === "duration") return ofDuration(usage["seconds"]);
  if (usage !== null) return { ...tokenCounts(usage), audioSeconds: wholeSeconds(value["duration"]) };
  return value["duration"] === undefined ? null : ofDuration(value["duration"]);
}

function tokenCounts(usage: JsonObject): ReportedCounts {
  const details = isObject(usage["input_token_details"]) ? usage["input_token_details"] : {};
  return { ...(readUsage(usage) ?? { input: undefined, output: undefined }), inputAudio: details["audio_tokens"] };
}

/** How long it played says nothing of tokens: a model that is priced by those is estimated. */
function ofDuration(seconds: unknown): ReportedCounts {
  return { input: undefined, output: undefined, audioSeconds: wholeSeconds(seconds) };
}

function wholeSeconds(seconds: unknown): unknown {
  const value = typeof seconds === "string" ? Number(seconds) : seconds;
  return typeof value === "number" && value >= 0 && value < 1e9 ? Math.ceil(value) : undefined;
}
